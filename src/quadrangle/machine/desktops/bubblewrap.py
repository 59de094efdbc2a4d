"""What bwrap is told: what a sandbox shares with the machine, which is as little as works."""

import os
from pathlib import Path

PATH = "/usr/local/bin:/usr/bin:/bin:/usr/local/sbin:/usr/sbin:/sbin"
SEEN = "/opt/quadrangle"  # where a sandbox sees what we give it
PERSON, GROUP = 1000, 1000
HOME = "/home/student"

# Read-only, each where it exists. Nothing here is secret: every user of the machine can read it.
_ETC = (
    "alternatives",
    "bash.bashrc",
    "dbus-1",
    "debian_version",
    "fonts",
    "gtk-3.0",
    "inputrc",
    "ld.so.cache",
    "ld.so.conf",
    "ld.so.conf.d",
    "localtime",
    "magic",
    "mime.types",
    "nsswitch.conf",
    "os-release",
    "perl",
    "profile",
    "protocols",
    "python3",
    "services",
    "terminfo",
    "timezone",
    "vim",
    "X11",
    "xdg/Thunar",
    "xdg/menus",
    "xdg/xfce4",
    "xfce4",
)
_ETC_NETWORK = ("ca-certificates", "gai.conf", "hosts", "resolv.conf", "ssl/certs")
_MIB = 1024 * 1024
_TMP_BYTES, _SHM_BYTES, _RUN_BYTES = 256 * _MIB, 64 * _MIB, 16 * _MIB


def namespaces(*, network: bool) -> list[str]:
    """Namespaces of its own for everything, and none below them; nobody's privileges."""
    return [
        *("--unshare-user", "--unshare-pid", "--unshare-ipc", "--unshare-uts"),
        *(() if network else ("--unshare-net",)),
        *("--unshare-cgroup-try", "--disable-userns", "--die-with-parent", "--new-session"),
        *("--uid", str(PERSON), "--gid", str(GROUP), "--hostname", "desktop", "--clearenv"),
    ]


def system() -> list[str]:
    """The machine's programs, read-only."""
    arguments = ["--ro-bind", "/usr", "/usr"]
    for name in ("/bin", "/sbin", "/lib", "/lib64", "/lib32", "/libx32"):
        if os.path.islink(name):
            arguments += ["--symlink", os.readlink(name).lstrip("/"), name]
        elif os.path.isdir(name):
            arguments += ["--ro-bind", name, name]
    return arguments


def sandbox(given: Path, *, network: bool, locale: str) -> list[str]:
    """A sandbox with nothing to write in but a little memory; `given` is what we give it."""
    return [
        *("bwrap", *namespaces(network=network), *system(), *_etc(network)),
        *("--ro-bind-try", "/var/cache/fontconfig", "/var/cache/fontconfig"),
        *("--proc", "/proc", "--dev", "/dev"),
        *("--size", str(_SHM_BYTES), "--perms", "1777", "--tmpfs", "/dev/shm"),
        *("--size", str(_TMP_BYTES), "--perms", "1777", "--tmpfs", "/tmp"),
        *("--size", str(_RUN_BYTES), "--tmpfs", "/run", "--perms", "0700"),
        *("--dir", f"/run/user/{PERSON}", "--symlink", "../tmp", "/var/tmp"),
        *("--ro-bind", str(given), SEEN),
        *("--ro-bind", str(given / "passwd"), "/etc/passwd"),
        *("--ro-bind", str(given / "group"), "/etc/group"),
        *_environment(locale),
    ]


def sealed(*binds: str) -> list[str]:
    """The end of the arguments: `binds`, and nothing can be put beside what is mounted."""
    return [*binds, "--remount-ro", "/dev", "--remount-ro", "/"]


def _etc(network: bool) -> list[str]:
    names = (*_ETC, *_ETC_NETWORK) if network else _ETC
    return [part for name in names for part in ("--ro-bind-try", f"/etc/{name}", f"/etc/{name}")]


def _environment(locale: str) -> list[str]:
    variables = {
        "HOME": HOME,
        "USER": "student",
        "LOGNAME": "student",
        "SHELL": "/bin/bash",
        "PATH": "/usr/local/bin:/usr/bin:/bin:/usr/games",
        "LANG": locale,
        "TERM": "xterm-256color",
        "DISPLAY": ":1",
        "XAUTHORITY": f"{SEEN}/xauth",
        "XDG_RUNTIME_DIR": f"/run/user/{PERSON}",
        "XDG_CONFIG_DIRS": f"{SEEN}/xdg:/etc/xdg",
        "XDG_DATA_DIRS": "/usr/local/share:/usr/share",
        # The bridge for screen readers is a process and two buses, and no sound leaves here.
        "NO_AT_BRIDGE": "1",
        "GTK_A11Y": "none",
    }
    return [part for name, value in variables.items() for part in ("--setenv", name, value)]
