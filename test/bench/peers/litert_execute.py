"""Milliseconds of one inference by LiteRT, one thread: usage: litert_execute.py MODEL RESOLVER SECONDS. Prints a JSON list."""
import json
import sys
import time

import numpy as np
from ai_edge_litert.interpreter import Interpreter, OpResolverType

model, resolver, seconds = sys.argv[1], OpResolverType[sys.argv[2]], float(sys.argv[3])
interpreter = Interpreter(model_path=model, num_threads=1, experimental_op_resolver_type=resolver)
interpreter.allocate_tensors()
entry = interpreter.get_input_details()[0]
interpreter.set_tensor(entry["index"], np.random.default_rng(1).integers(-128, 128, entry["shape"]).astype(entry["dtype"]))
for _ in range(20):
    interpreter.invoke()
times, end = [], time.perf_counter() + seconds
while time.perf_counter() < end or len(times) < 5:
    start = time.perf_counter()
    interpreter.invoke()
    times.append((time.perf_counter() - start) * 1e3)
print(json.dumps(times))
