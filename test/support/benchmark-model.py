#!/usr/bin/env python3
"""Stands in for TFLite's benchmark_model, which nobody packages: its flags, its lines, its files. LiteRT's reference kernels run the model where its output
or its layers are asked for; where times alone are, an inference is a sleep, since to load a Python runtime for each process is slow.

A delegate `/…/whole.so` takes the whole model, `/…/part.so` a part, `/…/none.so` nothing, as the real program would say it.
"""
import os
import sys
import time

flags = dict(word[2:].split('=', 1) for word in sys.argv[1:])
known = {'graph', 'input_layer', 'input_layer_shape', 'input_layer_value_files', 'output_filepath', 'num_runs', 'min_secs', 'warmup_runs', 'warmup_min_secs',
         'num_threads', 'use_xnnpack', 'use_gpu', 'external_delegate_path', 'require_full_delegation', 'enable_op_profiling', 'op_profiling_output_mode', 'op_profiling_output_file'}
unknown = [name for name in flags if name not in known]
if unknown:
    print('WARN: Unconsumed cmdline flags: ' + ' '.join('--' + name for name in unknown))
started = time.perf_counter()
if 'output_filepath' in flags or 'enable_op_profiling' in flags:
    import numpy as np
    from ai_edge_litert import interpreter as tfl
    model = tfl.Interpreter(model_path=flags['graph'], experimental_op_resolver_type=tfl.OpResolverType.BUILTIN_REF)
    model.allocate_tensors()
    entry, leave = model.get_input_details()[0], model.get_output_details()[0]
    name, path = flags['input_layer_value_files'].replace('::', '\0').split(':', 1)
    assert name.replace('\0', ':') == flags['input_layer'] == entry['name'], 'input tensor not found'
    given = np.fromfile(path, dtype=entry['dtype']).reshape(entry['shape'])

    def infer():
        model.set_tensor(entry['index'], given)
        model.invoke()
else:
    assert open(flags['graph'], 'rb').read(8)[4:] == b'TFL3'

    def infer():
        time.sleep(0.001)
init = (time.perf_counter() - started) * 1e6
delegate = os.path.basename(flags.get('external_delegate_path', ''))
if delegate == 'none.so':
    print('INFO: Though EXTERNAL delegate is explicitly applied, the model graph will not be executed by the delegate.')
elif delegate:
    part = 'completely' if delegate == 'whole.so' else 'partially'
    print('INFO: Explicitly applied EXTERNAL delegate, and the model graph will be %s executed by the delegate w/ 1 delegate kernels.' % part)
if flags.get('require_full_delegation') == 'true' and delegate in ('none.so', 'part.so'):
    print('ERROR: Disallowed CPU fallback detected.\nERROR: Benchmarking failed.')
    sys.exit(1)
times = []
while len(times) < int(flags['num_runs']) + int(flags['warmup_runs']) or sum(times[int(flags['warmup_runs']):]) < float(flags['min_secs']) * 1e6:
    started = time.perf_counter()
    infer()
    times.append((time.perf_counter() - started) * 1e6)
steady = times[int(flags['warmup_runs']):]
print('INFO: count=1 curr=%d' % times[0])
at = lambda share: int(sorted(steady)[int(share * (len(steady) - 1))])
mean = sum(steady) / len(steady)
print('INFO: count=%d first=%d curr=%d min=%d max=%d avg=%g std=%d p5=%d median=%d p95=%d' %
      (len(steady), steady[0], steady[-1], min(steady), max(steady), mean, (sum((t - mean) ** 2 for t in steady) / len(steady)) ** 0.5, at(.05), at(.5), at(.95)))
print('INFO: Inference timings in us: Init: %d, First inference: %d, Warmup (avg): %g, Inference (avg): %g' % (init, times[0], times[0], mean))
if 'output_filepath' in flags:
    model.get_tensor(leave['index']).tofile(flags['output_filepath'])
if flags.get('enable_op_profiling') == 'true':
    with open(flags['op_profiling_output_file'], 'w') as file:
        file.write('============================== Run Order ==============================\nnode type, first, avg_ms, %, cdf%, mem KB, times called, name\n')
        for node in model._get_ops_details():
            outputs = [model._get_tensor_details(t, 0)['name'] for t in node['outputs']]
            file.write('%s, 0.5, 0.25, 10%%, 10%%, 0, 1, [%s]:%d\n' % (node['op_name'], '\t'.join(outputs), node['index']))
        file.write('\n============================== Summary by node type ==============================\nnode type, count, avg_ms\n')
