package dev.pipelinejob.worker.engine.torch;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.pytorch.GenericList;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.TensorType;
import org.bytedeco.pytorch.Type;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/// Tensors in and out of byte buffers, and how long they live: what a call makes dies with its `PointerScope` unless
/// it is kept here, and what is kept must be freed by `close()`.
final class Tensors {
    private Tensors() {}

    /// Lets a tensor outlive the scope that it was made in.
    static Tensor keep(Tensor tensor) {
        tensor.retainReference();
        return tensor;
    }

    static Tensor empty(ScalarType type, long... sizes) {
        try (TensorOptions options = new TensorOptions(type)) {
            return torch.empty(sizes, options, null);
        }
    }

    static Tensor zeros(List<Long> sizes) {
        return torch.zeros(toArray(sizes));
    }

    static long[] toArray(List<Long> sizes) {
        return sizes.stream().mapToLong(Long::longValue).toArray();
    }

    /// A new tensor with the bytes of a buffer, whose position stays where it is.
    static Tensor read(String what, ByteBuffer bytes, ScalarType type, long... sizes) {
        Tensor tensor = empty(type, sizes);
        overwrite(what, tensor, bytes);
        return tensor;
    }

    /// Replaces a tensor's elements by the bytes of a buffer, whose position stays where it is.
    static void overwrite(String what, Tensor tensor, ByteBuffer bytes) {
        requireSize(what, tensor, bytes);
        try (BytePointer source = new BytePointer(bytes.slice())) {
            Pointer.memcpy(tensor.data_ptr(), source, bytes.remaining());
        }
    }

    /// Copies a tensor's bytes into a buffer, whose position stays where it is.
    static void write(String what, Tensor tensor, ByteBuffer into) {
        requireSize(what, tensor, into);
        try (BytePointer target = new BytePointer(into.slice())) {
            Pointer.memcpy(target, tensor.contiguous().data_ptr(), into.remaining());
        }
    }

    /// The memory of a tensor, valid while the tensor is.
    static ByteBuffer view(Tensor tensor) {
        return new BytePointer(tensor.data_ptr())
                .capacity(tensor.nbytes())
                .asByteBuffer()
                .order(ByteOrder.nativeOrder());
    }

    static IValue list(List<Tensor> tensors) {
        GenericList list = new GenericList(new Type.TypePtr(TensorType.get()));
        tensors.forEach(tensor -> list.push_back(new IValue(tensor)));
        return new IValue(list);
    }

    private static void requireSize(String what, Tensor tensor, ByteBuffer buffer) {
        if (!buffer.isDirect()) {
            throw new IllegalArgumentException("The buffer for the " + what + " is not direct: native code needs one.");
        }
        if (buffer.remaining() != tensor.nbytes()) {
            throw new IllegalArgumentException("The " + what + " has " + tensor.nbytes() + " bytes but its buffer has "
                    + buffer.remaining() + ".");
        }
    }
}
