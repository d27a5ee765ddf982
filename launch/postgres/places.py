"""Where everything of the embedded database lies, and who may pass."""

import os
import re
import secrets
import shutil
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path

LONGEST_SOCKET = 100  # bytes; sun_path holds 108 on Linux and 104 on macOS
SOCKET_NAME = ".s.PGSQL.5432"


class DatabaseUnavailable(Exception):
    """The embedded database cannot be made or started; the text says why and what to do."""


def home() -> Path:
    """The folder of this installation: OTKLIK_HOME, else /var/lib/otklik for root, else the data folder."""
    if named := os.environ.get("OTKLIK_HOME"):
        return Path(named).expanduser().absolute()
    if os.geteuid() == 0:
        return Path("/var/lib/otklik")
    data = os.environ.get("XDG_DATA_HOME") or "~/.local/share"
    return Path(data).expanduser().absolute() / "otklik"


def make_folder(folder: Path, mode: int) -> None:
    """Make a folder with its missing parents; only what is made here gets `mode`, whatever the umask."""
    missing = [part for part in (folder, *folder.parents) if not part.exists()]
    try:
        for part in reversed(missing):
            part.mkdir(exist_ok=True)
            part.chmod(mode)
    except OSError as error:
        raise DatabaseUnavailable(
            f"Не удалось создать папку {folder}: {error.strerror}. Укажите другую в переменной OTKLIK_HOME."
        ) from error


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner reads, whole or not at all, and on the disk before this returns."""
    draft = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    draft.unlink(missing_ok=True)
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


@dataclass(frozen=True)
class Places:
    """The files of one embedded database."""

    home: Path

    @property
    def cluster(self) -> Path:
        return self.home / "database"

    @property
    def unfinished(self) -> Path:
        return self.home / "database.new"

    @property
    def start_lock(self) -> Path:
        return self.home / "database.start.lock"

    @property
    def users_lock(self) -> Path:
        return self.home / "database.users.lock"

    @property
    def guard_lock(self) -> Path:
        return self.home / "database.guard.lock"

    @property
    def log(self) -> Path:
        return self.home / "postgresql.log"

    @property
    def password_file(self) -> Path:
        return self.home / "database.password"

    @property
    def socket_note(self) -> Path:
        return self.home / "database.socket"

    def prepare(self) -> None:
        """Make the folder of the installation: private, but root's is open to pass for the system user."""
        make_folder(self.home, 0o755 if os.geteuid() == 0 else 0o700)
        if not os.access(self.home, os.W_OK | os.X_OK):
            raise DatabaseUnavailable(
                f"Нет права писать в папку {self.home}. "
                "Запустите от её владельца или укажите другую в OTKLIK_HOME."
            )

    def password(self) -> str:
        """The generated password of the database's roles; made once, before the cluster itself."""
        if self.password_file.exists():
            return self.password_file.read_text(encoding="utf-8").strip()
        if self.cluster.exists():
            raise DatabaseUnavailable(
                f"База в {self.cluster} есть, а файла с паролем {self.password_file} нет: "
                "верните его из резервной копии."
            )
        word = secrets.token_urlsafe(24)
        write_private(self.password_file, word + "\n")
        return word

    def socket_folder(self, *, uid: int, gid: int) -> Path:
        """A private folder for the socket whose path is short and plain enough for every client.

        Beside the data when that path is short ASCII, else in /tmp under a random name. A note in
        the installation's folder remembers it: a later program finds a server left by a killed one.
        """
        near = self.home / "run"
        if re.fullmatch(r"[A-Za-z0-9/._-]+", str(near)) and len(str(near / SOCKET_NAME)) <= LONGEST_SOCKET:
            make_folder(near, 0o700)
            os.chown(near, uid, gid)
            return near
        if self.socket_note.exists():
            known = Path(self.socket_note.read_text(encoding="utf-8").strip())
            if _private(known, uid):
                return known
        root = Path("/tmp") if Path("/tmp").is_dir() else Path(tempfile.gettempdir())  # noqa: S108 - TMPDIR may be long
        far = Path(tempfile.mkdtemp(prefix="otklik-", dir=root))
        os.chown(far, uid, gid)
        write_private(self.socket_note, f"{far}\n")
        return far

    def forget_socket_folder(self) -> None:
        """Leave nothing in /tmp when the server is stopped."""
        if self.socket_note.exists():
            shutil.rmtree(self.socket_note.read_text(encoding="utf-8").strip(), ignore_errors=True)
            self.socket_note.unlink(missing_ok=True)


def _private(folder: Path, uid: int) -> bool:
    """Whether the folder is still ours: after a clean-up of /tmp another user may have made that name."""
    try:
        facts = folder.lstat()
    except OSError:
        return False
    return stat.S_ISDIR(facts.st_mode) and facts.st_uid == uid and stat.S_IMODE(facts.st_mode) == 0o700
