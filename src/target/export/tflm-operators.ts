/** The operators that TFLM's resolver can register (tflite-micro, micro_mutable_op_resolver.h, August 2026), and the names of their methods. */
import { UserError } from '../../errors.ts'

const methods = new Set(
  (
    'Abs Add AddN ArgMax ArgMin AssignVariable AveragePool2D BatchMatMul BatchToSpaceNd BroadcastArgs BroadcastTo CallOnce Cast Ceil ' +
    'Concatenation Conv2D Cos CumSum DepthToSpace DepthwiseConv2D Dequantize Div DynamicUpdateSlice Elu EmbeddingLookup Equal EthosU Exp ' +
    'ExpandDims Fill Floor FloorDiv FloorMod FullyConnected Gather GatherNd Greater GreaterEqual HardSwish If L2Normalization L2Pool2D ' +
    'LeakyRelu Less LessEqual Log LogSoftmax LogicalAnd LogicalNot LogicalOr Logistic MaxPool2D Maximum Mean Minimum MirrorPad Mul Neg ' +
    'NotEqual Pack Pad PadV2 Prelu Quantize ReadVariable ReduceAll ReduceMax ReduceMin Relu Relu6 Reshape ResizeBilinear ' +
    'ResizeNearestNeighbor ReverseV2 Round Rsqrt SelectV2 Shape Sin Slice Softmax SpaceToBatchNd SpaceToDepth Split SplitV Sqrt Square ' +
    'SquaredDifference Squeeze StridedSlice Sub Sum Svdf Tanh Transpose TransposeConv UnidirectionalSequenceLSTM Unpack VarHandle While ZerosLike'
  ).split(' '),
)

const byName = new Map([...methods].map((method) => [method.toLowerCase(), method]))

/** The resolver's method for an operator by its kebab-case name; undefined where TFLM has none. Methods differ from names in case alone. */
export function tflmMethod(op: string): string | undefined {
  const method = byName.get(op.replaceAll('-', ''))
  return method && `Add${method}`
}

/** Methods for all operators, each once, sorted. Throws UserError `tflm-operator`. */
export function tflmMethods(ops: Iterable<string>): string[] {
  const names = [...new Set(ops)]
  const lacking = names.filter((op) => !tflmMethod(op))
  if (lacking.length)
    throw new UserError('tflm-operator', `TFLM has no ${lacking.join(', ')}`, {
      found: lacking.join(', '),
      expected: 'operators that its MicroMutableOpResolver registers',
      hint: 'Replace them in the network, or register a kernel of your own.',
    })
  return names.map((op) => tflmMethod(op)!).sort()
}
