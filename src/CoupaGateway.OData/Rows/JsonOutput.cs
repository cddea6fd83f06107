using System.Buffers;
using System.IO.Pipelines;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace CoupaGateway.OData.Rows;

/// <summary>
/// A window into a pipe's memory. Room is asked for once per value (<see cref="Reserve"/>); what follows writes without checks.
/// End with <see cref="HandOver"/>.
/// </summary>
internal unsafe ref struct JsonOutput(PipeWriter pipe)
{
    /// <summary>
    /// Bytes asked of the pipe at a time: large enough that the socket gets few big pieces, small enough to stay in the processor's cache
    /// and off the heap for large objects.
    /// </summary>
    public const int WindowSize = 64 * 1024;

    /// <summary>Room that is always left behind what was reserved, so that short copies may overshoot.</summary>
    private const int Slack = 32;

    /// <summary>A longer string is written in slices, so that the window needs no room for all of it.</summary>
    private const int StringSlice = 2 * 1024;

    /// <summary>The longest escape, <c>\u001f</c>.</summary>
    private const int MaxEscapeLength = 6;

    private readonly PipeWriter _pipe = pipe;
    private MemoryHandle _pin;
    private byte* _start;
    private byte* _at;
    private byte* _end;
    private long _handedOver;

    /// <summary>Bytes written so far.</summary>
    public readonly long Written => _handedOver + (_at - _start);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Reserve(int bytes)
    {
        if (_end - _at < bytes + Slack)
            Renew(bytes + Slack);
    }

    /// <summary>Where to write. Room for it has to be reserved.</summary>
    public readonly byte* At => _at;

    /// <summary>Says up to where was written.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void MoveTo(byte* at) => _at = at;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void WriteByte(byte value) => *_at++ = value;

    /// <summary>Writes bytes that need no escaping. Room has to be reserved.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Write(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(new Span<byte>(_at, bytes.Length));
        _at += bytes.Length;
    }

    /// <summary>Writes UTF-8 text as a JSON string. Reserves its own room.</summary>
    /// <param name="text">A short one lies in its vector entry, of which twelve bytes can be read whatever the length.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void WriteString(byte* text, int length)
    {
        if (length <= ColumnVector.InlineLength)
            WriteInline(text, length);
        else
            WriteLong(text, length);
    }

    private void WriteInline(byte* text, int length)
    {
        Reserve((MaxEscapeLength * ColumnVector.InlineLength) + 2);
        *_at++ = (byte)'"';
        var block = Vector128.Create(Unsafe.ReadUnaligned<ulong>(text), Unsafe.ReadUnaligned<uint>(text + 8)).AsByte();
        var escapes = FindEscapes(block) & ((1u << length) - 1);
        if (escapes == 0)
        {
            block.Store(_at);
            _at += length;
        }
        else
        {
            WriteEscaped(text, length);
        }

        *_at++ = (byte)'"';
    }

    private void WriteLong(byte* text, int length)
    {
        Reserve(Math.Min(length, StringSlice) + 2);
        *_at++ = (byte)'"';
        while (length > StringSlice)
        {
            WriteSlice(text, StringSlice);
            text += StringSlice;
            length -= StringSlice;
            Reserve(StringSlice + 2);
        }

        WriteSlice(text, length);
        Reserve(2);
        *_at++ = (byte)'"';
    }

    /// <summary>Copies block by block while looking for what must be escaped; room for the text as it is has to be reserved.</summary>
    /// <param name="length">More than <see cref="ColumnVector.InlineLength"/>, or the rest of a text of which slices are written.</param>
    private void WriteSlice(byte* text, int length)
    {
        var done = 0;
        while (length - done >= Vector128<byte>.Count)
        {
            var block = Vector128.Load(text + done);
            var escapes = FindEscapes(block);
            block.Store(_at);
            if (escapes != 0)
            {
                _at += BitOperations.TrailingZeroCount(escapes);
                done += BitOperations.TrailingZeroCount(escapes);
                WriteRestEscaped(text + done, length - done);
                return;
            }

            _at += Vector128<byte>.Count;
            done += Vector128<byte>.Count;
        }

        // The rest as a block that ends with the text and repeats what was written before it, which needs no escapes.
        if (done < length && length >= Vector128<byte>.Count)
        {
            var block = Vector128.Load(text + length - Vector128<byte>.Count);
            if (FindEscapes(block) == 0)
            {
                _at += length - done;
                block.Store(_at - Vector128<byte>.Count);
                return;
            }
        }
        else if (length >= sizeof(ulong) && length < Vector128<byte>.Count)
        {
            var (first, last) = (Unsafe.ReadUnaligned<ulong>(text), Unsafe.ReadUnaligned<ulong>(text + length - sizeof(ulong)));
            if (FindEscapes(Vector128.Create(first, last).AsByte()) == 0)
            {
                Unsafe.WriteUnaligned(_at, first);
                _at += length;
                Unsafe.WriteUnaligned(_at - sizeof(ulong), last);
                return;
            }
        }

        for (; done < length; done++)
        {
            var value = text[done];
            if (IsEscaped(value))
            {
                WriteRestEscaped(text + done, length - done);
                return;
            }

            *_at++ = value;
        }
    }

    private void WriteRestEscaped(byte* text, int length)
    {
        Reserve((MaxEscapeLength * length) + 2);
        WriteEscaped(text, length);
    }

    private void WriteEscaped(byte* text, int length)
    {
        for (var i = 0; i < length; i++)
        {
            var value = text[i];
            if (IsEscaped(value))
                WriteEscape(value);
            else
                *_at++ = value;
        }
    }

    private void WriteEscape(byte value)
    {
        *_at++ = (byte)'\\';
        switch (value)
        {
            case (byte)'"' or (byte)'\\':
                *_at++ = value;
                return;
            case (byte)'\n':
                *_at++ = (byte)'n';
                return;
            case (byte)'\r':
                *_at++ = (byte)'r';
                return;
            case (byte)'\t':
                *_at++ = (byte)'t';
                return;
            default:
                Write("u00"u8);
                *_at++ = HexDigits[value >> 4];
                *_at++ = HexDigits[value & 15];
                return;
        }
    }

    public static ReadOnlySpan<byte> HexDigits => "0123456789ABCDEF"u8;

    /// <summary>JSON escapes control characters, the quote and the backslash (RFC 8259, section 7).</summary>
    private static bool IsEscaped(byte value) => value is < 0x20 or (byte)'"' or (byte)'\\';

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint FindEscapes(Vector128<byte> block) =>
        (Vector128.LessThan(block, Vector128.Create((byte)0x20))
            | Vector128.Equals(block, Vector128.Create((byte)'"'))
            | Vector128.Equals(block, Vector128.Create((byte)'\\'))).ExtractMostSignificantBits();

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Renew(int bytes)
    {
        HandOver();
        var window = _pipe.GetMemory(Math.Max(bytes, WindowSize));
        _pin = window.Pin();
        _start = _at = (byte*)_pin.Pointer;
        _end = _start + window.Length;
    }

    /// <summary>Hands what was written to the pipe.</summary>
    public void HandOver()
    {
        if (_start == null)
            return;
        var written = (int)(_at - _start);
        _pipe.Advance(written);
        _handedOver += written;
        _pin.Dispose();
        _start = _at = _end = null;
    }
}
