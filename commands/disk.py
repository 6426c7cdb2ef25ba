"""What a full, read-only or broken disk means for the operator: a sentence with its cure."""

import errno

from sqlalchemy.exc import DBAPIError

from installation import settings

AGAIN = "然后再次运行；已公开的页面不受影响，没有做完的部分会自动补完。"
CURES = {
    errno.ENOSPC: ("磁盘空间不足", "清理磁盘或扩容"),
    errno.EDQUOT: ("磁盘配额已经用完", "清理磁盘或提高配额"),
    errno.EROFS: ("文件系统是只读的", "查看系统日志，把它恢复为可写"),
    errno.EACCES: ("没有读写权限", "把目录的属主改为运行本程序的账号"),
    errno.EPERM: ("操作不被允许", "检查目录的属主和属性"),
    errno.EIO: ("读写磁盘出错", "检查磁盘和系统日志"),
}
DATABASE_SIGNS = {  # what SQLite and PostgreSQL say
    "disk is full": errno.ENOSPC,
    "no space left": errno.ENOSPC,
    "disk full": errno.ENOSPC,
    "readonly database": errno.EROFS,
    "read-only": errno.EROFS,
    "disk i/o error": errno.EIO,
    "input/output error": errno.EIO,
    "unable to open database file": errno.EACCES,
}


def is_of_disk(error: OSError) -> bool:
    """Whether the disk failed, and not the program or the network."""
    return error.errno in CURES


def disk_trouble(error: OSError) -> str:
    """What is wrong, where, and what to do."""
    what, cure = CURES.get(error.errno or 0, (error.strerror or str(error), "排除故障"))
    return f"{what}（{error.filename or settings().home}）。请{cure}，{AGAIN}"


def database_trouble(error: DBAPIError) -> str | None:
    """The same if the disk of the database failed; None for anything else that is wrong with a database."""
    said = str(error.orig).lower()
    found = next((number for sign, number in DATABASE_SIGNS.items() if sign in said), None)
    if found is None:
        return None
    what, cure = CURES[found]
    return f"数据库所在的磁盘：{what}。请{cure}，{AGAIN}"
