using System.Buffers.Text;
using System.Text.Json;

namespace CoupaGateway.Coupa.Paging;

/// <summary>Checks that a page is a complete JSON array of objects and finds the records' ids, in one pass and without an object per record.</summary>
internal static class PageScanner
{
    private const int LongestIdText = 32;

    /// <exception cref="JsonException">The bytes are no complete JSON array of objects, or are nested too deep.</exception>
    public static PageScan Scan(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = CoupaConstants.MaxJsonDepth });
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartArray)
            throw new JsonException("The page is no array.");

        var (count, withoutId, lastIndex) = (0, 0, 0);
        long? first = null;
        long? last = null;
        var (ascending, repeated) = (true, false);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.StartObject)
                throw new JsonException("A record is no object.");

            var id = ReadRecord(ref reader);
            if (id is null)
            {
                withoutId++;
            }
            else if (id == last)
            {
                repeated = true;
            }
            else
            {
                ascending &= last is null || id > last;
                first ??= id;
                (last, lastIndex) = (id, count);
            }

            count++;
        }

        // At the end of the array only blanks may follow; the reader itself refuses anything else.
        while (reader.Read())
            throw new JsonException("Text after the page.");

        return new PageScan(count, first, last, count - lastIndex, withoutId, ascending, repeated);
    }

    private static long? ReadRecord(ref Utf8JsonReader reader)
    {
        long? id = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isId = reader.ValueTextEquals("id"u8);
            reader.Read();
            if (isId)
                id = ReadId(ref reader);
            else
                reader.Skip();
        }

        return id;
    }

    private static long? ReadId(ref Utf8JsonReader reader)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.Number:
                return reader.TryGetInt64(out var number) ? number : null;
            case JsonTokenType.String when reader.ValueSpan.Length is > 0 and <= LongestIdText:
                return Utf8Parser.TryParse(reader.ValueSpan, out number, out var used) && used == reader.ValueSpan.Length ? number : null;
            default:
                reader.Skip();
                return null;
        }
    }
}
