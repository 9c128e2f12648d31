using System.Buffers.Binary;
using Google.Protobuf;

namespace Aspire.Hosting.Telemetry;

/// <summary>One field of a protobuf message, read without generated classes. One that is of another type than expected reads as nothing.</summary>
internal readonly struct Field
{
    /// <summary>Messages within messages: OTLP itself needs ten, values of attributes may nest.</summary>
    private const int MaxDepth = 20;

    private readonly ulong _bits;
    private readonly ByteString? _bytes;
    private readonly int _depth;

    private Field(int number, ulong bits, ByteString? bytes, int depth) => (Number, _bits, _bytes, _depth) = (number, bits, bytes, depth);

    public int Number { get; }

    public ulong UInt64 => _bits;

    public long Int64 => (long)_bits;

    public double Double => BitConverter.UInt64BitsToDouble(_bits);

    public string Text => _bytes?.ToStringUtf8() ?? "";

    public string Hex => Convert.ToHexStringLower((_bytes ?? ByteString.Empty).Span);

    public int Length => _bytes?.Length ?? 0;

    /// <summary>The field as a message.</summary>
    /// <exception cref="InvalidProtocolBufferException">It is none; while reading on.</exception>
    public IEnumerable<Field> Message => Read(_bytes ?? ByteString.Empty, _depth + 1);

    /// <summary>Of a repeated number of 8 bytes: one, or all of them packed.</summary>
    public IEnumerable<ulong> Repeated
    {
        get
        {
            if (_bytes is null) return [_bits];
            if (_bytes.Length % sizeof(ulong) != 0) throw new InvalidDataException("A packed field is cut off.");
            var numbers = new ulong[_bytes.Length / sizeof(ulong)];
            for (var i = 0; i < numbers.Length; i++) numbers[i] = BinaryPrimitives.ReadUInt64LittleEndian(_bytes.Span[(i * sizeof(ulong))..]);
            return numbers;
        }
    }

    public static IEnumerable<Field> Read(byte[] message) => Read(UnsafeByteOperations.UnsafeWrap(message), 0);

    private static IEnumerable<Field> Read(ByteString message, int depth)
    {
        if (depth > MaxDepth) throw new InvalidDataException("Messages are nested too deeply.");
        using var input = message.CreateCodedInput();
        uint tag;
        while ((tag = input.ReadTag()) != 0)
        {
            var number = WireFormat.GetTagFieldNumber(tag);
            switch (WireFormat.GetTagWireType(tag))
            {
                case WireFormat.WireType.Varint:
                    yield return new(number, input.ReadUInt64(), null, depth);
                    break;
                case WireFormat.WireType.Fixed64:
                    yield return new(number, input.ReadFixed64(), null, depth);
                    break;
                case WireFormat.WireType.LengthDelimited:
                    yield return new(number, 0, input.ReadBytes(), depth);
                    break;
                default:
                    input.SkipLastField();
                    break;
            }
        }
    }
}
