package dev.pipelinejob.worker.engine;

import java.nio.ByteBuffer;
import java.util.List;

/// Computes the stages of one worker: owns tensors, autograd and optimizer state, and nothing else. Schedule,
/// micro-batching, transport, clip coefficient, learning rate, data and seeds belong to the runtime.
///
/// All calls come from one thread, one after the other. Buffers are direct, little-endian, contiguous and row-major; a
/// call reads or fills exactly `remaining()` bytes, leaves the position where it is, and keeps no reference after it
/// returns. Bitwise rule: what a call computes depends on its arguments and the state of the layers concerned, never
/// on which other layers this worker holds (GPipe and 1F1B at any cut give the same bits).
public interface StageEngine extends AutoCloseable {

    /// What it is and what its numbers depend on.
    EngineDescription describe();

    /// Builds the layers of `spec` with parameters initialised from the job's seed and parameter names (so the same
    /// layer starts with the same bits wherever it is held), zero moments and empty accumulators.
    /// Drops all that was.
    ///
    /// @throws IllegalArgumentException when the model cannot be built; the message names the field and its value
    void init(EngineSpec spec);

    /// The parameters that this worker holds, in canonical order: by layer, then by the layer's own order. A tied
    /// parameter appears once for each of its uses that is held here, under the same `name`.
    List<Parameter> parameters();

    /// Bytes of one micro-batch's tensor at the lower (`INPUT`) or upper (`OUTPUT`) boundary of a held stage. The
    /// input of the first stage are int32 tokens; the output of the last stage is the loss and has 0 bytes.
    long boundaryBytes(int stage, Boundary boundary);

    /// Runs a stage on one micro-batch. With `rematerialize` only the stage's input is kept and {@link #backward}
    /// runs the forward again, with the same dropout masks.
    ///
    /// @param input tokens (int32, first stage), the activation, or the held neighbour stage that computed it
    void forward(WorkKey key, Input input, boolean rematerialize);

    /// Copies the activation that {@link #forward} computed for `key`: once, since a rematerialized pass frees it.
    void readOutput(WorkKey key, ByteBuffer into);

    /// The mean loss of the micro-batch. Last stage only, after {@link #forward}.
    ///
    /// @param targets int32 tokens, as many as the model predicts for the micro-batch
    double loss(WorkKey key, ByteBuffer targets);

    /// Back-propagates one micro-batch and adds the parameters' gradients to the stage's accumulators. For the last
    /// stage the upstream gradient is that of `loss × lossScale`; elsewhere `lossScale` is not used.
    ///
    /// @param upstream gradient of the stage's output; {@link Input.None} on the last stage
    void backward(WorkKey key, Input upstream, double lossScale);

    /// Copies the gradient of the stage's input that {@link #backward} computed; frees what `key` still holds.
    void readInputGradient(WorkKey key, ByteBuffer into);

    /// Frees all that is held for `key`; harmless when nothing is.
    void drop(WorkKey key);

    /// The accumulator of one use of a tied parameter, as float32.
    void readTiedGradient(int stage, String parameter, ByteBuffer into);

    /// Replaces the accumulators of all held uses of a tied parameter by the sum over all uses, added in layer order.
    ///
    /// @param uses the accumulator of every use in layer order; {@link Input.None} where the use is held here
    void reduceTied(String parameter, List<Input> uses);

    /// One fp64 sum of squares for each parameter of the stage, in the stage's canonical order. A tied parameter
    /// counts with its first use and is left out (not 0) elsewhere; see {@link Parameter#countsInNorm()}.
    double[] gradientStatistics(int stage);

    /// One optimizer step of the stage on `accumulator × coefficient`, then zero accumulators. With `skip` the
    /// accumulators are zeroed and nothing else changes.
    void step(int stage, StepNumbers numbers);

    /// The state tensors of a stage's parameters: `NAME`, and the optimizer's, such as `NAME.exp_avg`. Each use of a
    /// tied parameter has its own, with equal bits: load all of them, save from the stage that holds the layer.
    List<StateTensor> state(int stage);

    /// Copies one state tensor out.
    void readState(int stage, StateTensor tensor, ByteBuffer into);

    /// Replaces one state tensor.
    void writeState(int stage, StateTensor tensor, ByteBuffer from);

    /// Bytes of native memory that the engine holds now, for telemetry.
    long nativeBytes();

    @Override
    void close();
}
