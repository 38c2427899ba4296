"""How a session runs, on one machine: tensorflow/core/protobuf."""

from export.protocol.declare import File

FILES = (
    File(
        "tensorflow/core/protobuf/verifier_config.proto",
        "tensorflow",
        imports=(),
        text="""
message VerifierConfig
    1 int64 verification_timeout_in_ms, 2 Toggle structure_verifier
enum VerifierConfig.Toggle
    0 DEFAULT, 1 ON, 2 OFF
""",
    ),
    File(
        "tensorflow/core/protobuf/rewriter_config.proto",
        "tensorflow",
        imports=(
            "tensorflow/core/framework/attr_value.proto",
            "tensorflow/core/protobuf/verifier_config.proto",
        ),
        text="""
message AutoParallelOptions
    1 bool enable, 2 int32 num_replicas
message ScopedAllocatorOptions
    1 string* enable_op
message RewriterConfig
    50 CpuLayout cpu_layout_conversion, 1 Toggle layout_optimizer,
    3 Toggle constant_folding, 13 Toggle shape_optimization, 14 Toggle remapping,
    24 Toggle common_subgraph_elimination, 7 Toggle arithmetic_optimization,
    8 Toggle dependency_optimization, 9 Toggle loop_optimization,
    10 Toggle function_optimization, 11 Toggle debug_stripper,
    2 bool disable_model_pruning, 15 Toggle scoped_allocator_optimization,
    18 Toggle pin_to_host_optimization, 22 Toggle implementation_selector,
    23 Toggle auto_mixed_precision, 25 Toggle auto_mixed_precision_mkl,
    31 Toggle auto_mixed_precision_onednn_bfloat16,
    29 Toggle auto_mixed_precision_cpu, 19 bool disable_meta_optimizer,
    32 bool disable_tfg_optimizer, 28 Toggle use_plugin_optimizers,
    30 Toggle experimental_conditional_code_motion,
    12 NumIterationsType meta_optimizer_iterations, 17 int32 min_graph_nodes,
    26 bool experimental_disable_compressed_tensor_optimization,
    27 bool experimental_disable_folding_quantization_emulation,
    4 MemOptType memory_optimization,
    6 string memory_optimizer_target_node_name_scope,
    20 int64 meta_optimizer_timeout_ms, 5 AutoParallelOptions auto_parallel,
    21 bool fail_on_optimizer_errors,
    16 ScopedAllocatorOptions scoped_allocator_opts, 100 string* optimizers,
    200 CustomGraphOptimizer* custom_optimizers,
    300 VerifierConfig inter_optimizer_verifier_config,
    301 VerifierConfig post_optimization_verifier_config
enum RewriterConfig.Toggle
    0 DEFAULT, 1 ON, 2 OFF, 3 AGGRESSIVE, 4 EXPERIMENTAL_MLIR, 5 EXPERIMENTAL_BOTH
enum RewriterConfig.CpuLayout
    0 NO_CONVERSION_ON_CPU, 1 NCHW_TO_NHWC, 2 NHWC_TO_NCHW
enum RewriterConfig.NumIterationsType
    0 DEFAULT_NUM_ITERS, 1 ONE, 2 TWO
enum RewriterConfig.MemOptType
    0 DEFAULT_MEM_OPT, 1 NO_MEM_OPT, 2 MANUAL, 4 SWAPPING_HEURISTICS,
    5 RECOMPUTATION_HEURISTICS, 6 SCHEDULING_HEURISTICS, 3 HEURISTICS
message RewriterConfig.CustomGraphOptimizer
    1 string name, 2 {string AttrValue} parameter_map
""",
    ),
    File(
        "tensorflow/core/protobuf/named_tensor.proto",
        "tensorflow",
        imports=("tensorflow/core/framework/tensor.proto",),
        text="""
message NamedTensorProto
    1 string name, 2 TensorProto tensor
""",
    ),
    File(
        "tensorflow/core/protobuf/config.proto",
        "tensorflow",
        imports=(
            "tensorflow/core/framework/graph.proto",
            "tensorflow/core/protobuf/rewriter_config.proto",
        ),
        text="""
message GPUOptions
    1 double per_process_gpu_memory_fraction, 4 bool allow_growth,
    2 string allocator_type, 3 int64 deferred_deletion_bytes,
    5 string visible_device_list, 6 int32 polling_active_delay_usecs,
    7 int32 polling_inactive_delay_msecs, 8 bool force_gpu_compatible,
    9 Experimental experimental
message GPUOptions.Experimental
    1 VirtualDevices* virtual_devices, 15 int32 num_virtual_devices_per_gpu,
    2 bool use_unified_memory, 3 int32 num_dev_to_dev_copy_streams,
    4 string collective_ring_order, 5 bool timestamped_allocator,
    7 int32 kernel_tracker_max_interval, 8 int32 kernel_tracker_max_bytes,
    9 int32 kernel_tracker_max_pending, 10 double internal_fragmentation_fraction,
    11 bool use_cuda_malloc_async, 12 bool disallow_retry_on_allocation_failure,
    13 float gpu_host_mem_limit_in_mb, 14 bool gpu_host_mem_disallow_growth,
    16 int32 gpu_system_memory_size_in_mb,
    17 bool populate_pjrt_gpu_client_creation_info, 18 int32 node_id,
    19 StreamMergeOptions stream_merge_options
message GPUOptions.Experimental.VirtualDevices
    1 float* memory_limit_mb, 2 int32* priority, 3 int32* device_ordinal
message GPUOptions.Experimental.StreamMergeOptions
    1 bool merge_host_to_device_stream, 2 bool merge_device_to_host_stream,
    3 bool merge_device_to_device_stream
message OptimizerOptions
    1 bool do_common_subexpression_elimination, 2 bool do_constant_folding,
    6 int64 max_folded_constant_in_bytes, 4 bool do_function_inlining,
    3 Level opt_level, 5 GlobalJitLevel global_jit_level, 7 bool cpu_global_jit
enum OptimizerOptions.Level
    0 L1, -1 L0
enum OptimizerOptions.GlobalJitLevel
    0 DEFAULT, -1 OFF, 1 ON_1, 2 ON_2
message GraphOptions
    2 bool enable_recv_scheduling, 3 OptimizerOptions optimizer_options,
    4 int64 build_cost_model, 9 int64 build_cost_model_after, 5 bool infer_shapes,
    6 bool place_pruned_graph, 7 bool enable_bfloat16_sendrecv,
    8 int32 timeline_step, 10 RewriterConfig rewrite_options
message ThreadPoolOptionProto
    1 int32 num_threads, 2 string global_name
message SessionMetadata
    1 string name, 2 int64 version
message ConfigProto
    1 {string int32} device_count, 2 int32 intra_op_parallelism_threads,
    5 int32 inter_op_parallelism_threads, 9 bool use_per_session_threads,
    12 ThreadPoolOptionProto* session_inter_op_thread_pool,
    3 int32 placement_period, 4 string* device_filters, 6 GPUOptions gpu_options,
    18 GPUOptions pluggable_device_options, 7 bool allow_soft_placement,
    8 bool log_device_placement, 10 GraphOptions graph_options,
    11 int64 operation_timeout_in_ms, 15 bool isolate_session_state,
    17 bool share_cluster_devices_in_session, 16 Experimental experimental
message ConfigProto.Experimental
    1 string collective_group_leader, 3 string executor_type,
    4 int32 recv_buf_max_chunk, 5 bool use_numa_affinity,
    6 bool collective_deterministic_sequential_execution, 7 bool collective_nccl,
    8 bool share_session_state_in_clusterspec_propagation,
    9 bool disable_thread_spinning, 10 bool share_cluster_devices_in_session,
    11 SessionMetadata session_metadata, 12 bool optimize_for_static_graph,
    13 bool enable_mlir_bridge, 17 MlirBridgeRollout mlir_bridge_rollout,
    16 bool enable_mlir_graph_optimization, 14 bool disable_output_partition_graphs,
    15 int64 xla_fusion_autotuner_thresh, 18 bool use_tfrt,
    27 bool enable_multi_host, 32 bool tfrt_use_ifrt, 28 int32 backend_server_port,
    29 bool target_tpu, 30 bool target_gpu, 31 int32 stream_merge_threshold,
    21 bool disable_functional_ops_lowering,
    22 bool xla_prefer_single_graph_cluster,
    24 bool disable_optimize_for_static_graph,
    26 bool disable_eager_executor_streaming_enqueue,
    33 bool finalize_function_library_runtime, 34 bool finalize_resource_manager,
    35 string tf2xla_dump_dir, 36 bool online_cost_analysis
enum ConfigProto.Experimental.MlirBridgeRollout
    0 MLIR_BRIDGE_ROLLOUT_UNSPECIFIED, 1 MLIR_BRIDGE_ROLLOUT_ENABLED,
    2 MLIR_BRIDGE_ROLLOUT_DISABLED
message RunOptions
    1 TraceLevel trace_level, 2 int64 timeout_in_ms, 3 int32 inter_op_thread_pool,
    5 bool output_partition_graphs, 7 bool report_tensor_allocations_upon_oom,
    8 Experimental experimental
enum RunOptions.TraceLevel
    0 NO_TRACE, 1 SOFTWARE_TRACE, 2 HARDWARE_TRACE, 3 FULL_TRACE
message RunOptions.Experimental
    1 int64 collective_graph_key, 2 bool use_run_handler_pool,
    3 RunHandlerPoolOptions run_handler_pool_options
message RunOptions.Experimental.RunHandlerPoolOptions
    1 int64 priority
""",
    ),
)
