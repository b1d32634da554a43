"""The other side: TFLiteConverter to int8, its interpreter, and the float network, all by TensorFlow.

converter.py convert MODEL CALIBRATION.f32 OUT.tflite  prints the process's CPU seconds as JSON
converter.py float   MODEL IMAGES.f32 OUT.bin          writes float32 answers
converter.py run     M.tflite INPUTS.bin OUT.bin KIND  int8 inputs one after the other; KIND is ref or xnnpack
MODEL is a Keras file, or PATH of PATH.json and PATH.bin as hand-over.ts writes them.
"""
import json
import os
import resource
import sys

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import numpy as np
import tensorflow as tf


def handed_over(path):
    with open(path + ".json") as file:
        graph = json.load(file)
    weights = np.fromfile(path + ".bin", np.float32)
    constants = {}
    for t, tensor in enumerate(graph["tensors"]):
        if "at" in tensor:
            size = int(np.prod(tensor["shape"]))
            constants[t] = weights[tensor["at"]:tensor["at"] + size].reshape(tensor["shape"])
        elif "values" in tensor:
            constants[t] = np.array(tensor["values"], np.int32).reshape(tensor["shape"])

    def conv(a, x, w, b=None):
        y = tf.nn.conv2d(x, np.transpose(w, (1, 2, 3, 0)), [1, a["strideH"], a["strideW"], 1], a["padding"].upper(), dilations=[1, a.get("dilationH", 1), a.get("dilationW", 1), 1])
        return y if b is None else y + b

    def depthwise(a, x, w, b=None):
        m = a["depthMultiplier"]
        kernel = w[0].reshape(w.shape[1], w.shape[2], w.shape[3] // m, m)
        y = tf.nn.depthwise_conv2d(x, kernel, [1, a["strideH"], a["strideW"], 1], a["padding"].upper(), dilations=[a.get("dilationH", 1), a.get("dilationW", 1)])
        return y if b is None else y + b

    def pool(function):
        return lambda a, x: function(x, [a["filterH"], a["filterW"]], [a["strideH"], a["strideW"]], a["padding"].upper())

    def norm(a, x, gamma, beta, mean, variance):
        if len(x.shape) == 4:
            return tf.compat.v1.nn.fused_batch_norm(x, gamma, beta, mean, variance, epsilon=a["epsilon"], is_training=False)[0]
        return tf.nn.batch_normalization(x, mean, variance, beta, gamma, a["epsilon"])

    # Batch 1 in the graph is any batch here.
    def flat(x, shape):
        return tf.reshape(x, [-1] + shape[1:])

    operations = {
        "conv-2d": conv, "depthwise-conv-2d": depthwise, "batch-normalization": norm,
        "fully-connected": lambda a, x, w, b=None: tf.matmul(x, w.T) + (0 if b is None else b),
        "average-pool-2d": pool(tf.nn.avg_pool2d), "max-pool-2d": pool(tf.nn.max_pool2d),
        "relu": lambda a, x: tf.nn.relu(x), "relu6": lambda a, x: tf.nn.relu6(x),
        "add": lambda a, x, y: x + y, "softmax": lambda a, x: tf.nn.softmax(x),
        "pad": lambda a, x, by: tf.pad(x, by), "concatenation": lambda a, *xs: tf.concat(xs, a["axis"]),
    }

    def run(x):
        values = dict(constants)
        values[graph["inputs"][0]] = x
        for node in graph["nodes"]:
            given = [values[t] for t in node["inputs"] if t >= 0]
            attrs = node["attrs"]
            if node["op"] == "reshape":
                y = flat(given[0], graph["tensors"][node["outputs"][0]]["shape"])
            else:
                y = operations[node["op"]](attrs, *given)
            if attrs.get("fusedActivation", "none") != "none":
                y = {"relu": tf.nn.relu, "relu6": tf.nn.relu6}[attrs["fusedActivation"]](y)
            values[node["outputs"][0]] = y
        return values[graph["outputs"][0]]

    return tf.function(run), graph["tensors"][graph["inputs"][0]]["shape"]


def load(path):
    if path.endswith((".h5", ".keras")):
        model = tf.keras.models.load_model(path, compile=False)
        return tf.function(lambda x: model(x, training=False)), [1] + list(model.inputs[0].shape[1:])
    return handed_over(path)


def convert(path, calibration, out):
    function, shape = load(path)
    images = np.fromfile(calibration, np.float32).reshape([-1] + list(shape[1:]))
    concrete = function.get_concrete_function(tf.TensorSpec(shape, tf.float32))
    converter = tf.lite.TFLiteConverter.from_concrete_functions([concrete])
    converter.optimizations = [tf.lite.Optimize.DEFAULT]
    converter.representative_dataset = lambda: ([image[None]] for image in images)
    converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
    converter.inference_input_type = converter.inference_output_type = tf.int8
    with open(out, "wb") as file:
        file.write(converter.convert())
    usage = resource.getrusage(resource.RUSAGE_SELF)
    print(json.dumps({"cpuSeconds": usage.ru_utime + usage.ru_stime}))


def float_answers(path, images, out):
    function, shape = load(path)
    data = np.fromfile(images, np.float32).reshape([-1] + list(shape[1:]))
    np.concatenate([function(tf.constant(data[i:i + 256])).numpy() for i in range(0, len(data), 256)]).astype(np.float32).tofile(out)


def run(path, inputs, out, kind):
    resolvers = tf.lite.experimental.OpResolverType
    resolver = resolvers.BUILTIN_REF if kind == "ref" else resolvers.AUTO
    interpreter = tf.lite.Interpreter(path, experimental_op_resolver_type=resolver, num_threads=1)
    interpreter.allocate_tensors()
    given, made = interpreter.get_input_details()[0], interpreter.get_output_details()[0]
    data = np.fromfile(inputs, given["dtype"]).reshape([-1] + list(given["shape"]))
    answers = []
    for one in data:
        interpreter.set_tensor(given["index"], one)
        interpreter.invoke()
        answers.append(interpreter.get_tensor(made["index"]).copy())
    np.concatenate(answers).tofile(out)


if __name__ == "__main__":
    {"convert": convert, "float": float_answers, "run": run}[sys.argv[1]](*sys.argv[2:])
