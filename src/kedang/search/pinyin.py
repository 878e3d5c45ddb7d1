"""Pinyin of names, by table: initials of the whole name and the full spelling without its legal form.

A phrase dictionary costs a hundred times more per name than a table of characters. A table of first
readings alone gives a wrong initial in one name of ten, so the characters whose reading depends on the
word carry all the readings that occur in names, and each is indexed.
"""

from __future__ import annotations

import re
from functools import cache
from itertools import product

from pypinyin import Style, lazy_pinyin

from kedang.search.folding import is_ideographic

_READINGS = """
行hang,xing 重chong,zhong 都du,dou 厦xia,sha 长chang,zhang 佛fo 六liu,lu 畜xu,chu 会hui,kuai 模mo,mu 朝chao,zhao
调tiao,diao 什shi,shen 蚌beng,bang 乐le,yue 漯luo 阿a,e 番fan,pan 勒le,lei 牟mu,mou 藏zang,cang 陂pi,bei 枞zong,cong
轧zha,ya 弹dan,tan 蔚wei,yu 堡bao,pu 泌mi,bi 铅qian,yan 粘zhan,nian 尉wei,yu 茄qie,jia 得de 朴pu,piao 犍qian,jian
参shen,can 柏bai,bo 杉shan,sha 还huan,hai 伽jia,ga 血xue,xie 单dan,shan 曾zeng,ceng 解jie,xie 仇chou,qiu 查cha,zha
盖gai,ge 降jiang,xiang 校xiao,jiao 率lv,shuai 卡ka,qia 折zhe,she 咖ka,ga 覃qin,tan 翟zhai,di 乘cheng 缪miao,mou
秘mi,bi 祭ji,zhai 澹dan,tan 陆lu 绿lv,lu 圈quan,juan 龟gui 的de,di 槟bing 埔pu,bu 称cheng,chen 弄nong,long 娜na
蛤ha,ge 莞guan,wan 浚jun,xun 涡wo,guo 荥xing,ying 莘shen,xin 筠yun,jun 匙chi,shi 薄bo,bao 壳ke,qiao 宿su 熟shu
绰chuo,chao 钥yao,yue 仔zai,zi 扎zha,za 拓tuo,ta 劲jin,jing 靓jing,liang 了le,liao 糜mi,mei 刹sha,cha 柞zuo,zha
琢zhuo,zuo 兹zi,ci 隗wei,kui 仡ge,yi 洗xi 冼xian 晟sheng,cheng 区qu 车che 石shi 大da 和he 术shu 万wan 传chuan
强qiang 盛sheng 系xi 省sheng 奇qi 种zhong 员yuan 谷gu 便bian 脉mai 给ji 屏ping 扁bian 识shi 房fang 冯feng 提ti
色se 露lu
"""
POLYPHONES: dict[str, tuple[str, ...]] = {entry[0]: tuple(entry[1:].split(",")) for entry in _READINGS.split()}
"""Characters whose first reading in a dictionary is not the one of names, or that have two; the usual one first."""

LEGAL_FORMS = (
    "股份有限责任公司", "有限责任公司", "股份有限公司", "集团有限公司", "有限公司", "分公司", "公司",
)  # fmt: skip
"""What the full spelling leaves out, longest first: everyone has it, nobody types it, it doubles the tokens."""

SPELT_FORMS = tuple("".join(lazy_pinyin(form, style=Style.NORMAL)) for form in LEGAL_FORMS)
_FORMS = re.compile("|".join(LEGAL_FORMS))
MOST_VARIANTS = 4
"""Spellings kept of one name; a third polyphone in a name keeps its usual reading."""


@cache
def readings(char: str) -> tuple[str, ...]:
    """The spellings of one folded character, the usual one first; a letter or digit stands for itself."""
    if not is_ideographic(char):
        return (char,)
    if char in POLYPHONES:
        return POLYPHONES[char]
    spelt = lazy_pinyin(char, style=Style.NORMAL, errors="ignore")
    return (_typed(spelt[0]),) if spelt else ("",)


def _typed(syllable: str) -> str:
    """The syllable as people type it: `ve` after n and l is written `ue`."""
    return syllable.replace("ve", "ue")


class _Table(dict[int, str]):
    """The usual spelling of each character, or its first letter only; space and unknown: nothing."""

    def __init__(self, length: int | None) -> None:
        super().__init__({0x20: ""})
        self.length = length

    def __missing__(self, code: int) -> str:
        self[code] = readings(chr(code))[0][: self.length]
        return self[code]


_INITIAL, _FULL = _Table(1), _Table(None)
_POLYPHONIC = frozenset(char for char, spelt in POLYPHONES.items() if len(spelt) > 1)


def initials(folded: str) -> list[str]:
    """The initials of a folded name in all variants: `华为技术` gives `hwjs`, and so with other readings."""
    if folded.isascii():
        return []
    if _POLYPHONIC.isdisjoint(folded):
        return [folded.translate(_INITIAL)]
    return _variants(folded.replace(" ", ""), 1)


def full(folded: str) -> list[str]:
    """The full spelling of a folded name without its legal form, in all variants."""
    if folded.isascii():
        return []
    stem = without_form(folded)
    if _POLYPHONIC.isdisjoint(stem):
        return [stem.translate(_FULL)]
    return _variants(stem.replace(" ", ""), None)


def without_form(folded: str) -> str:
    """A folded name without its legal form, unless nothing else would be left."""
    return _FORMS.sub("", folded) or folded


def _variants(chars: str, length: int | None) -> list[str]:
    count = 1
    choices: list[tuple[str, ...]] = []
    for char in chars:
        options = tuple(dict.fromkeys(spelt[:length] for spelt in readings(char)))
        if count * len(options) > MOST_VARIANTS:
            options = options[:1]
        count *= len(options)
        choices.append(options)
    return ["".join(choice) for choice in product(*choices)]
