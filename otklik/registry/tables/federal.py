"""The table of the federal monitoring: names instead of codes, one line an organisation and its community in VK."""

import hashlib
import re
from dataclasses import dataclass, field
from typing import Any

from otklik.common.text import gettext_noop
from otklik.registry.tables.cells import key_of
from otklik.registry.tables.federal_pages import page_of
from otklik.registry.tables.known import OBLIGATION, ORGANIZATION, Ref
from otklik.registry.tables.wishes import Clash, Context, Told, Wish

# Words by which a name is that of an authority: the level in the table is then its own, and not its founder's.
_AUTHORITY = re.compile(
    r"^(министерств|департамент|управлени|комитет|администрац|мэри|инспекц|служб|агентств|правительств|совет|дума|"
    r"государственн\w+ (инспекц|дума)|контрольно|избирательн|законодательн|представительств)"
)
_LOCAL = re.compile(r"район|город|округ|муниципал|администрац|мэри|поселен|сельсовет|поселк")
_LEVELS_THAT_TABLES_MIX = frozenset({"regional", "municipal", "institution"})


@dataclass(slots=True)
class Federal:
    """Organisations are found by ОГРН, then by name under their founder; an unknown founder is added by its name."""

    context: Context
    _founders: dict[str, Ref] = field(default_factory=dict)
    # Codes and numbers of the organisations that this file adds.
    _codes: dict[Ref, str] = field(default_factory=dict)
    _ogrns: dict[Ref, str] = field(default_factory=dict)
    _names_in_file: dict[Ref, tuple[int, str]] = field(default_factory=dict)

    def claim(self, told: Told) -> None:
        known, ogrn = self.context.known, told.values.get("ogrn", "")
        founder = key_of(told.values.get("founder", ""))
        name = told.values["name"]
        ref = self._by_ogrn(ogrn, key_of(name)) if ogrn else None
        if ref is None:
            ref = self._by_name(key_of(name), founder, ogrn)
        if ref is None:
            ref = f"{ORGANIZATION}:{told.line}"
            self._codes[ref], self._ogrns[ref] = self._code(told), ogrn
            known.add_organization(ref, {"code": self._codes[ref], "name": name, "ogrn": ogrn}, founder)
        self._names_in_file.setdefault(ref, (told.line, key_of(name)))
        told.organization = ref

    def _by_ogrn(self, ogrn: str, name: str) -> Ref | None:
        refs = self.context.known.by_ogrn.get(ogrn, [])
        if len(refs) > 1:
            same = [ref for ref in refs if ref in self.context.known.by_name[name]]
            if len(same) != 1:
                raise Clash(
                    "ogrn", ogrn, gettext_noop("Организаций с этим ОГРН несколько: укажите точное название.")
                )
            return same[0]
        for ref in refs:
            line, other = self._names_in_file.get(ref, (0, name))
            if other != name:
                raise Clash(
                    "ogrn",
                    ogrn,
                    gettext_noop("Тот же ОГРН у другой организации в строке %(line)s."),
                    line=line,
                )
            return ref
        return None

    def _by_name(self, name: str, founder: str, ogrn: str) -> Ref | None:
        known = self.context.known
        refs = [ref for ref in known.by_name.get(name, []) if self._under(ref, founder)]
        other = [ref for ref in refs if ogrn and self._ogrn(ref) not in {"", ogrn}]
        in_register = next((ref for ref in other if isinstance(ref, int)), None)
        if in_register is not None:
            raise Clash(
                "ogrn",
                ogrn,
                gettext_noop("В реестре у организации с этим названием другой ОГРН: %(ogrn)s."),
                ogrn=self._ogrn(in_register),
            )
        refs = [ref for ref in refs if ref not in other]
        if len(refs) > 1:
            raise Clash(
                "name", "", gettext_noop("Организаций с этим названием несколько: нужен ОГРН или учредитель.")
            )
        return refs[0] if refs else None

    def _ogrn(self, ref: Ref) -> str:
        row = self.context.known.rows[ORGANIZATION].get(ref)
        return str(row.get("ogrn", "")) if row is not None else self._ogrns.get(ref, "")

    def _under(self, ref: Ref, founder: str) -> bool:
        """Whether the organisation stands under the founder of that name, or nothing says otherwise."""
        known = self.context.known
        if not founder or known.founders.get(ref, "") in {"", founder}:
            return True
        row = known.rows[ORGANIZATION].get(ref, {})
        above = {row.get("founder"), row.get("parent")} - {None}
        return bool(above & set(known.by_short_name.get(founder, [])))

    def _code(self, told: Told) -> str:
        """A code of one's own that a second import of the file would make again."""
        ogrn, name = told.values.get("ogrn", ""), told.values["name"]
        told_by = f"{key_of(name)}|{key_of(told.values.get('founder', ''))}|{ogrn}"
        code = f"ogrn-{ogrn}" if ogrn else f"f-{hashlib.sha256(told_by.encode()).hexdigest()[:12]}"
        if code in self.context.known.by_code:
            code = f"{code}-{hashlib.sha256(told_by.encode()).hexdigest()[:6]}"
        return code if code not in self.context.known.by_code else f"{code}-{told.line}"

    def wishes(self, told: Told) -> list[Wish]:
        found: list[Wish] = []
        founder = self._founder(told, found)
        found.append(self._organization(told, founder))
        network, page = page_of(told, self.context)
        found.append(self._obligation(told, network))
        return [*found, page] if page else found

    def _founder(self, told: Told, found: list[Wish]) -> Ref | None:
        name = told.values.get("founder", "")
        if not name or key_of(name) == key_of(told.values["name"]):
            return None
        known, key = self.context.known, key_of(name)
        refs = list(dict.fromkeys([*known.by_name.get(key, []), *known.by_short_name.get(key, [])]))
        refs = [ref for ref in refs if ref != told.organization] or refs
        if len(refs) > 1:
            raise Clash("founder", name, gettext_noop("Организаций с названием учредителя несколько."))
        if refs:
            return refs[0]
        ref = self._founders.get(key)
        if ref is None:
            ref = self._founders[key] = f"{ORGANIZATION}:{told.line}:founder"
        if ref not in known.rows[ORGANIZATION]:
            code = f"f-{hashlib.sha256(key.encode()).hexdigest()[:12]}"
            level = "municipal" if _LOCAL.search(key) else "regional"
            values = {"code": code, "name": name, "short_name": name[:120], "level": level}
            found.append(Wish(ORGANIZATION, ref, values))
        return ref

    def _organization(self, told: Told, founder: Ref | None) -> Wish:
        known, ref = self.context.known, told.organization
        row = known.rows[ORGANIZATION].get(ref)
        name, level = told.values["name"], self._level(told)
        values: dict[str, Any] = {}
        if row is None or key_of(row["name"]) != key_of(name):
            values["name"] = name
        if row is None or row["level"] in _LEVELS_THAT_TABLES_MIX:
            values["level"] = level
        if told.values.get("ogrn"):
            values["ogrn"] = told.values["ogrn"]
        spheres = [told.values[code] for code in ("sphere1", "sphere2", "sphere3") if code in told.values]
        if spheres:
            values["spheres"] = list(dict.fromkeys(spheres))
        if founder is not None:
            values["founder"] = founder
        if row is None:
            values |= {"code": self._codes[ref], "short_name": name[:120], "parent": founder}
            values["municipality"] = known.rows[ORGANIZATION].get(founder or "", {}).get("municipality")
        return Wish(ORGANIZATION, ref, values)

    def _level(self, told: Told) -> str:
        level, key = str(told.values["level"]), key_of(told.values["name"])
        founder = key_of(told.values.get("founder", ""))
        if level in {"regional", "municipal"} and founder and founder != key and not _AUTHORITY.match(key):
            return "institution"
        return level

    def _obligation(self, told: Told, network: str) -> Wish:
        known, basis = self.context.known, told.values.get("basis", "")
        ref = known.obligation(told.organization, network)
        values: dict[str, Any] = {"organization": told.organization, "network": network}
        row = known.rows[OBLIGATION].get(ref)
        status = "exempt" if basis else (row["status"] if row else "required")
        values["status"] = status
        if basis:
            values["exemption_basis"] = basis
        if row is None or row["status"] != status:
            values["since"] = self.context.today.isoformat()
        return Wish(OBLIGATION, ref, values)
