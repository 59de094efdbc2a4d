"""Numbers of RFB encodings, and which of them a viewer may ask for.

From the RFB protocol's registry and TigerVNC's `common/rfb/encodings.h`. All are signed, 32 bits.
"""

import struct

RAW = 0
COPY_RECT = 1
TIGHT = 7
ZRLE = 16
JPEG_QUALITY = range(-32, -22)
COMPRESSION = range(-256, -246)
FINE_QUALITY = range(-512, -411)
SUBSAMPLING = range(-768, -762)
DESKTOP_SIZE = -223
LAST_RECT = -224
CURSOR = -239
QEMU_KEYS = -258
LED_STATE = -261
DESKTOP_NAME = -307
EXTENDED_DESKTOP_SIZE = -308
FENCE = -312
CONTINUOUS_UPDATES = -313
EXTENDED_BUTTONS = -316
VMWARE_CURSOR = 0x574D5664
EXTENDED_CLIPBOARD = 0xC0A1E5CE - 2**32

# What a server sends to whoever asked for these can be measured, see server_messages.py.
MEASURED = frozenset(
    {
        RAW,
        COPY_RECT,
        TIGHT,
        ZRLE,
        *JPEG_QUALITY,
        *COMPRESSION,
        *FINE_QUALITY,
        *SUBSAMPLING,
        DESKTOP_SIZE,
        LAST_RECT,
        CURSOR,
        QEMU_KEYS,
        LED_STATE,
        DESKTOP_NAME,
        EXTENDED_DESKTOP_SIZE,
        FENCE,
        CONTINUOUS_UPDATES,
        VMWARE_CURSOR,
        EXTENDED_CLIPBOARD,
    }
)


def read_encodings(message: bytes) -> tuple[int, ...]:
    """Return what a whole SetEncodings message asks for, best first."""
    return struct.unpack(f">{(len(message) - 4) // 4}i", message[4:])


def set_encodings(wanted: tuple[int, ...]) -> bytes:
    """Return the SetEncodings message that asks for these."""
    return struct.pack(f">BxH{len(wanted)}i", 2, len(wanted), *wanted)
