using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace CoupaGateway.Sync.Flattening;

/// <summary>
/// Goes through UTF-8 JSON value by value, as strict as <see cref="Utf8JsonReader"/>, but made for records whose keys are known beforehand: a key that
/// comes as expected costs one comparison, with its quotes and its colon. All methods throw <see cref="JsonException"/> where the text is no JSON.
/// </summary>
/// <remarks>Methods leave the cursor behind what they took; blanks before the next thing are skipped when it is looked at.</remarks>
internal ref struct JsonCursor(ReadOnlySpan<byte> json)
{
    // What is skipped may be nested as deep as it likes; skipping does not recurse, so a level costs a bit.
    private static readonly JsonReaderOptions SkipOptions = new() { MaxDepth = 1 << 20 };

    // Where a run of plain characters in a string ends.
    private static readonly SearchValues<byte> NotPlain = SearchValues.Create([(byte)'"', (byte)'\\', .. Enumerable.Range(0, 0x20).Select(static i => (byte)i)]);

    private readonly ReadOnlySpan<byte> _json = json;

    /// <summary>Offset of the next byte. May be set back to read something again.</summary>
    public int Position { get; set; }

    /// <summary>First byte of what comes next.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public byte Peek()
    {
        if ((uint)Position < (uint)_json.Length && _json[Position] > ' ')
            return _json[Position];

        return PeekBehindBlanks();
    }

    /// <summary>Takes the start of an object; true when a key follows, false when that was all.</summary>
    public bool EnterObject()
    {
        Take((byte)'{');
        return IsKey(Peek());
    }

    /// <summary>Goes on behind a value in an object; true when a key follows, false when the object ended.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool NextInObject()
    {
        if (Peek() != ',')
            return IsKey(Peek(), canBeKey: false);

        Position++;
        return IsKey(Peek(), canEnd: false);
    }

    /// <summary>Takes the start of an array; true when a value follows, false when that was all.</summary>
    public bool EnterArray()
    {
        Take((byte)'[');
        if (Peek() != ']')
            return true;

        Position++;
        return false;
    }

    /// <summary>Goes on behind a value in an array; true when a value follows, false when the array ended.</summary>
    public bool NextInArray()
    {
        switch (Peek())
        {
            case (byte)',':
                Position++;
                if (Peek() == ']')
                    Throw();
                return true;
            case (byte)']':
                Position++;
                return false;
            default:
                Throw();
                return false;
        }
    }

    /// <summary>Takes a key with its colon if it is this one.</summary>
    /// <param name="quoted">The key as it is usually written: in quotes and with its colon.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryTakeKey(ReadOnlySpan<byte> quoted)
    {
        if (!_json[Position..].StartsWith(quoted))
            return false;

        Position += quoted.Length;
        return true;
    }

    /// <summary>Takes a key with its colon; returns what is between its quotes, with its escapes.</summary>
    public ReadOnlySpan<byte> ReadKey()
    {
        var key = ReadString(out _);
        Take((byte)':');
        return key;
    }

    /// <summary>Takes <c>null</c>.</summary>
    public void TakeNull() => TakeLiteral("null"u8);

    /// <summary>Takes a string, a number or a truth value.</summary>
    /// <param name="isString">It is a string; what is returned is between its quotes, with its escapes.</param>
    /// <param name="isEscaped">It has escapes.</param>
    public ReadOnlySpan<byte> ReadScalar(out bool isString, out bool isEscaped)
    {
        isEscaped = false;
        var first = Peek();
        isString = first == '"';
        return first switch
        {
            (byte)'"' => ReadString(out isEscaped),
            (byte)'t' => TakeLiteral("true"u8),
            (byte)'f' => TakeLiteral("false"u8),
            _ => ReadNumber(),
        };
    }

    /// <summary>Takes any value, whatever is in it.</summary>
    public void Skip()
    {
        switch (Peek())
        {
            case (byte)'{' or (byte)'[':
                var reader = new Utf8JsonReader(_json[Position..], SkipOptions);
                reader.Read();
                reader.Skip();
                Position += (int)reader.BytesConsumed;
                break;
            case (byte)'n':
                TakeNull();
                break;
            default:
                ReadScalar(out _, out _);
                break;
        }
    }

    /// <summary>What was taken since an offset, as it is written.</summary>
    public readonly ReadOnlySpan<byte> Text(int start) => _json[start..Position];

    /// <summary>Makes sure that nothing but blanks is left.</summary>
    public void End()
    {
        SkipBlanks();
        if (Position < _json.Length)
            Throw();
    }

    private byte PeekBehindBlanks()
    {
        SkipBlanks();
        if (Position >= _json.Length)
            Throw();

        return _json[Position];
    }

    private void SkipBlanks()
    {
        while (Position < _json.Length && _json[Position] is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t')
            Position++;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool IsKey(byte next, bool canBeKey = true, bool canEnd = true)
    {
        if (canBeKey && next == '"')
            return true;

        if (!canEnd || next != '}')
            Throw();

        Position++;
        return false;
    }

    private void Take(byte expected)
    {
        if (Peek() != expected)
            Throw();

        Position++;
    }

    private ReadOnlySpan<byte> TakeLiteral(ReadOnlySpan<byte> literal)
    {
        if (!_json[Position..].StartsWith(literal))
            Throw();

        Position += literal.Length;
        return literal;
    }

    private ReadOnlySpan<byte> ReadString(out bool isEscaped)
    {
        isEscaped = false;
        var start = Position + 1;
        if (Peek() != '"')
            Throw();

        for (var i = Position + 1; ;)
        {
            var plain = _json[i..].IndexOfAny(NotPlain);
            if (plain < 0)
                Throw();

            i += plain;
            if (_json[i] == '"')
            {
                Position = i + 1;
                return _json[start..i];
            }

            isEscaped = true;
            i = BehindEscape(i);
        }
    }

    private readonly int BehindEscape(int i)
    {
        var escape = _json[i..];
        if (escape.Length < 2 || escape[0] != '\\')
            Throw();

        switch (escape[1])
        {
            case (byte)'"' or (byte)'\\' or (byte)'/' or (byte)'b' or (byte)'f' or (byte)'n' or (byte)'r' or (byte)'t':
                return i + 2;
            case (byte)'u' when escape.Length >= 6 && IsHex(escape[2]) && IsHex(escape[3]) && IsHex(escape[4]) && IsHex(escape[5]):
                return i + 6;
            default:
                Throw();
                return 0;
        }
    }

    private static bool IsHex(byte digit) => char.IsAsciiHexDigit((char)digit);

    // What may follow a number is for whoever looks at the next byte to decide.
    private ReadOnlySpan<byte> ReadNumber()
    {
        var rest = _json[Position..];
        var i = rest[0] == '-' ? 1 : 0;
        var digits = Digits(rest, i);
        if (digits == 0 || (rest[i] == '0' && digits > 1))
            Throw();

        i += digits;
        if (i < rest.Length && rest[i] == '.')
        {
            digits = Digits(rest, i + 1);
            if (digits == 0)
                Throw();

            i += digits + 1;
        }

        if (i < rest.Length && (rest[i] | 0x20) == 'e')
        {
            i += i + 1 < rest.Length && rest[i + 1] is (byte)'+' or (byte)'-' ? 2 : 1;
            digits = Digits(rest, i);
            if (digits == 0)
                Throw();

            i += digits;
        }

        Position += i;
        return rest[..i];
    }

    private static int Digits(ReadOnlySpan<byte> text, int start)
    {
        var i = start;
        while (i < text.Length && (uint)(text[i] - '0') <= 9)
            i++;

        return i - start;
    }

    [DoesNotReturn]
    private static void Throw() => throw new JsonException();
}
