/* Comfort on top of pages that work without any script. One module per subject. */
import { startTheme } from "./js/theme.js";
import { startInputs } from "./js/inputs.js";
import { startSaving } from "./js/saving.js";
import { startDialogs } from "./js/dialogs.js";
import { startCopying } from "./js/copying.js";
import { startLines } from "./js/lines.js";
import { startPasskeys } from "./js/passkeys.js";
import { startTabs } from "./js/tabs.js";
import { startTyped } from "./js/typed.js";
import { startEarly } from "./js/early.js";

document.documentElement.classList.remove("no-script");
startTheme();
startInputs();
startSaving();
startDialogs();
startCopying();
startLines();
startPasskeys();
startTabs();
startTyped();
startEarly();
