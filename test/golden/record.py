"""Records what TFLM and LiteRT's reference kernels answer for each case of each operator or network. Usage: record.py MODELS OUT [NAME ...]

Each model runs in a process of its own, for a runtime may refuse it, or crash. The answers of several outputs stand one behind the other.
"""
import base64
import ctypes
import hashlib
import importlib.metadata
import json
import multiprocessing
import pathlib
import sys

import numpy as np
from ai_edge_litert.interpreter import Interpreter, OpResolverType
from tflite_micro import runtime

M_PERTURB = -6  # of glibc: fills what malloc gives
DTYPES = {"int8": np.int8, "int16": np.int16, "float32": np.float32, "int32": np.int32}


def decode(text, tensor):
    return np.frombuffer(base64.b64decode(text), DTYPES[tensor["dtype"]]).reshape(tensor["shape"])


def tflm(model, vectors, outputs):
    interpreter = runtime.Interpreter.from_bytes(model)
    for vector in vectors:
        for i, data in enumerate(vector):
            interpreter.set_input(data, i)
        interpreter.invoke()
        yield b"".join(interpreter.get_output(i).tobytes() for i in range(outputs))


def litert(model, vectors, outputs):
    def load(resolver):
        return Interpreter(model_content=model, experimental_op_resolver_type=resolver)

    try:
        interpreter = load(OpResolverType.BUILTIN_REF)
    except ValueError as error:
        if "older version" not in str(error):
            raise
        # The list of reference kernels lags behind in versions; the other list has the same kernel of such operators.
        interpreter = load(OpResolverType.BUILTIN_WITHOUT_DEFAULT_DELEGATES)
    interpreter.allocate_tensors()
    for vector in vectors:
        for detail, data in zip(interpreter.get_input_details(), vector):
            interpreter.set_tensor(detail["index"], data)
        interpreter.invoke()
        yield b"".join(interpreter.get_tensor(detail["index"]).tobytes() for detail in interpreter.get_output_details()[:outputs])


def work(queue, run, job, fill):
    ctypes.CDLL(None).mallopt(M_PERTURB, fill)
    try:
        queue.put([base64.b64encode(answer).decode() for answer in run(*job)])
    except Exception as error:  # A refusal is a result.
        queue.put(f"refused: {str(error).splitlines()[0][:120]}")


def isolated(run, job, fill):
    queue = multiprocessing.SimpleQueue()
    process = multiprocessing.Process(target=work, args=(queue, run, job, fill))
    process.start()
    process.join(60)
    if process.is_alive():
        process.kill()
        return "refused: no answer in 60 s"
    return queue.get() if process.exitcode == 0 else f"refused: exit code {process.exitcode}"


def answer(run, job):
    """The one that does not depend on what fresh memory holds: some kernels read what nobody wrote."""
    one, other = isolated(run, job, 0x15), isolated(run, job, 0xA7)
    return one if one == other else "refused: its answer depends on memory that nobody wrote"


def record(folder, out, versions):
    cases = json.loads((folder / "cases.json").read_text())
    for n, case in enumerate(cases):
        model = (folder / f"{n}.tflite").read_bytes()
        free = [t for t in case["inputs"] if "data" not in t]
        vectors = [[decode(text, t) for text, t in zip(vector, free)] for vector in case["vectors"]]
        job = (model, vectors, len(case["outputs"]))
        case["tflm"] = answer(tflm, job)
        case["litert"] = answer(litert, job)
        if "attrs" not in case:  # A whole network: its inputs are seeded, and its file says which network it was.
            case["sha256"] = hashlib.sha256(model).hexdigest()
            case["vectors"] = len(vectors)
        if isinstance(case["tflm"], list) and case["tflm"] == case["litert"]:
            case["litert"] = "as tflm"
    lines = ",\n".join(json.dumps(case, separators=(",", ":")) for case in cases)
    head = json.dumps({"op": folder.name, "versions": versions})[:-1]
    (out / f"{folder.name}.json").write_text(f'{head}, "cases": [\n{lines}\n]}}\n')
    refusals = {c[k] for c in cases for k in ("tflm", "litert") if isinstance(c[k], str) and c[k].startswith("refused")}
    print(folder.name, len(cases), "cases,", sum(c["litert"] != "as tflm" for c in cases), "differ", *refusals, flush=True)


if __name__ == "__main__":
    models, out = map(pathlib.Path, sys.argv[1:3])
    out.mkdir(parents=True, exist_ok=True)
    packages = ("tflite-micro", "ai-edge-litert", "numpy")
    versions = {name: importlib.metadata.version(name) for name in packages}
    names = sys.argv[3:]
    for folder in sorted(p for p in models.iterdir() if p.is_dir() and (not names or p.name in names)):
        record(folder, out, versions)
