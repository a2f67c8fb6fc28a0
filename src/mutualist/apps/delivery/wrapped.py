"""What this app keeps under the key-encryption key."""

from __future__ import annotations

from mutualist.apps.core.wrapping import WrappedColumn, register_wrapped

register_wrapped(WrappedColumn("delivery.Endpoint", "key", lambda endpoint: endpoint.place))
