/** The tables of a TFLite file as the guard walks them: fields in the order of their slots, types in the schema's words. */
export type Layout = Readonly<Record<string, string>>

/** Bytes of the scalar types, enums among them; every other word is a string, a [vector], or a table. */
export const scalarBytes: Readonly<Record<string, number>> = {
  bool: 1,
  byte: 1,
  ubyte: 1,
  TensorType: 1,
  CustomOptionsFormat: 1,
  int: 4,
  uint: 4,
  float: 4,
  BuiltinOperator: 4,
  long: 8,
  ulong: 8,
}

/**
 * Every table that a reader enters, or asks whether it is there. A union takes two slots, its tag and its table.
 * Options are walked by their operator's room; tables that are refused as a whole are entered no further than their header.
 */
export const layouts: Readonly<Record<string, Layout>> = {
  Model: {
    version: 'uint',
    operator_codes: '[OperatorCode]',
    subgraphs: '[SubGraph]',
    description: 'string',
    buffers: '[Buffer]',
    metadata_buffer: '[int]',
    metadata: '[Metadata]',
    signature_defs: '[SignatureDef]',
  },
  Metadata: { name: 'string', buffer: 'uint' },
  TensorMap: { name: 'string', tensor_index: 'uint' },
  SignatureDef: { inputs: '[TensorMap]', outputs: '[TensorMap]', signature_key: 'string', tag: 'string', subgraph_index: 'uint' },
  Buffer: { data: '[ubyte]', offset: 'ulong', size: 'ulong' },
  SubGraph: { tensors: '[Tensor]', inputs: '[int]', outputs: '[int]', operators: '[Operator]', name: 'string' },
  Tensor: {
    shape: '[int]',
    type: 'TensorType',
    buffer: 'uint',
    name: 'string',
    quantization: 'QuantizationParameters',
    is_variable: 'bool',
    sparsity: 'SparsityParameters',
    shape_signature: '[int]',
    has_rank: 'bool',
    variant_tensors: '[VariantSubType]',
    external_buffer: 'uint',
  },
  VariantSubType: {},
  SparsityParameters: {},
  QuantizationParameters: {
    min: '[float]',
    max: '[float]',
    scale: '[float]',
    zero_point: '[long]',
    details_type: 'ubyte',
    details: 'QuantizationDetails',
    quantized_dimension: 'int',
  },
  QuantizationDetails: {},
  OperatorCode: { deprecated_builtin_code: 'byte', custom_code: 'string', version: 'int', builtin_code: 'BuiltinOperator' },
  Operator: {
    opcode_index: 'uint',
    inputs: '[int]',
    outputs: '[int]',
    builtin_options_type: 'ubyte',
    builtin_options: 'BuiltinOptions',
    custom_options: '[ubyte]',
    custom_options_format: 'CustomOptionsFormat',
    mutating_variable_inputs: '[bool]',
    intermediates: '[int]',
    large_custom_options_offset: 'ulong',
    large_custom_options_size: 'ulong',
    builtin_options_2_type: 'ubyte',
    builtin_options_2: 'BuiltinOptions2',
  },
  BuiltinOptions: {},
  BuiltinOptions2: {},
}
