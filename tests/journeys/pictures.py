"""Small PNG files: pages have few colours, so a palette is enough."""

from __future__ import annotations

import base64
import struct
import zlib
from typing import Any

import numpy as np

PIXELS = """async data => {
  const blob = await (await fetch("data:image/png;base64," + data)).blob();
  const image = await createImageBitmap(blob);
  const canvas = new OffscreenCanvas(image.width, image.height);
  const paper = canvas.getContext("2d");
  paper.drawImage(image, 0, 0);
  const bytes = paper.getImageData(0, 0, image.width, image.height).data;
  let text = "";
  for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return [image.width, image.height, btoa(text)];
}"""


def small(context: Any, png: bytes) -> bytes:
    """Return a PNG with at most 256 colours; the browser of `context` reads the picture."""
    page = context.new_page()
    width, height, text = page.evaluate(PIXELS, base64.b64encode(png).decode())
    page.close()
    pixels = np.frombuffer(base64.b64decode(text), np.uint8).reshape(height, width, 4)[..., :3]
    palette, index = few_colours(pixels)
    return encode(palette, index)


def few_colours(pixels: np.ndarray[Any, Any]) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Put similar colours together until 256 are left; each group is shown as its mean."""
    for bits in range(8):
        coarse = pixels >> bits
        keys = (coarse.astype(np.uint32) * (1 << 16, 1 << 8, 1)).sum(axis=2)
        found, index, counts = np.unique(keys, return_inverse=True, return_counts=True)
        if len(found) <= 256:
            break
    flat = index.reshape(-1)
    sums = [np.bincount(flat, pixels[..., channel].reshape(-1)) for channel in range(3)]
    palette = np.rint(np.stack(sums, axis=1) / counts[:, None]).astype(np.uint8)
    return palette, index.reshape(pixels.shape[:2]).astype(np.uint8)


def encode(palette: np.ndarray[Any, Any], index: np.ndarray[Any, Any]) -> bytes:
    """Write an indexed PNG."""
    height, width = index.shape
    rows = np.concatenate([np.zeros((height, 1), np.uint8), index], axis=1).tobytes()
    parts = (
        (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)),
        (b"PLTE", palette.tobytes()),
        (b"IDAT", zlib.compress(rows, 9)),
        (b"IEND", b""),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in parts
    )
