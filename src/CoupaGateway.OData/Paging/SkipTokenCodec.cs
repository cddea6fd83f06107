using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using CoupaGateway.OData.Errors;
using CoupaGateway.OData.Query;
using CoupaGateway.OData.Rows;
using CoupaGateway.OData.Translation;

namespace CoupaGateway.OData.Paging;

/// <summary>Page tokens as text.</summary>
internal static class SkipTokenCodec
{
    /// <summary>The token's text; null when its values make it too long for a URL.</summary>
    public static string? TryEncode(SkipToken token) => TokenText.TryWrite(new JsonArray(
        token.Version,
        token.Query,
        token.PageSize,
        token.Remaining,
        token.Count,
        token.Offset,
        new JsonArray([.. token.Last.Select(static value => value is null ? null : JsonValue.Create(Text(value)))]),
        new JsonArray([.. token.Related.Select(static version => JsonValue.Create(version))]),
        token.Part,
        token.Tracks,
        token.Until));

    /// <param name="orders">The order that the token's values belong to, by the number of the part; null for none.</param>
    /// <exception cref="FeedException">The text is no token, or one of another query.</exception>
    public static SkipToken Decode(string text, string query, Func<int, ImmutableArray<OrderKey>?> orders) => TokenText.Read(
        text,
        json =>
        {
            var values = json[6]!.AsArray();
            var part = json[8]!.GetValue<int>();
            if (part < 0 || orders(part) is not { } order || values.Count > order.Length)
                return null;

            var token = new SkipToken
            {
                Version = json[0]!.GetValue<long>(),
                Query = json[1]!.GetValue<string>(),
                PageSize = json[2]!.GetValue<int>(),
                Remaining = json[3]?.GetValue<long>(),
                Count = json[4]?.GetValue<long>(),
                Offset = json[5]!.GetValue<long>(),
                Last = values.Count == 0 ? [] : [.. values.Select((value, index) => Value(value?.GetValue<string>(), order[index].Expression.Kind))],
                Related = [.. json[7]!.AsArray().Select(static version => version!.GetValue<long>())],
                Part = part,
                Tracks = json[9]!.GetValue<bool>(),
                Until = json[10]?.GetValue<long>(),
            };
            var whole = token.Last.IsEmpty || token.Last.Length == order.Length;
            return token.Query != query || !whole || token.PageSize <= 0 || token.Offset < 0 || token.Version < 0 || token.Remaining is < 0 ? null : token;
        },
        Invalid);

    /// <summary>Names a query by the options that decide which rows come in which order, and by its path.</summary>
    public static string QueryName(string path, QueryOptionSet query)
    {
        var aliases = query.ParameterAliases.Select(alias => $"{alias}={query[alias]}");
        var text = string.Join('\n', [path, query[QueryOptionSet.Filter], query[QueryOptionSet.OrderBy], query[QueryOptionSet.Compute], query[QueryOptionSet.Apply], query[QueryOptionSet.Search], .. aliases]);
        return TokenText.Name(text);
    }

    public static FeedException Invalid() =>
        FeedException.BadRequest(ErrorCodes.InvalidOption, "The $skiptoken is not one that this feed gave for this query.", QueryOptionSet.SkipToken);

    private static string Text(object value) => value switch
    {
        DateTime instant => instant.Ticks.ToString(CultureInfo.InvariantCulture),
        TimeOnly time => time.Ticks.ToString(CultureInfo.InvariantCulture),
        IntervalValue interval => interval.Total.ToString(CultureInfo.InvariantCulture),
        DateOnly date => date.DayNumber.ToString(CultureInfo.InvariantCulture),
        double number => number.ToString("R", CultureInfo.InvariantCulture),
        bool flag => flag ? "1" : "0",
        IFormattable other => other.ToString(null, CultureInfo.InvariantCulture),
        _ => (string)value,
    };

    private static object? Value(string? text, SqlKind kind) => text is null ? null : kind switch
    {
        SqlKind.Int64 => long.Parse(text, CultureInfo.InvariantCulture),
        SqlKind.Double => double.Parse(text, CultureInfo.InvariantCulture),
        SqlKind.Boolean => text == "1",
        SqlKind.DateTime => new DateTime(long.Parse(text, CultureInfo.InvariantCulture), DateTimeKind.Utc),
        SqlKind.Date => DateOnly.FromDayNumber(int.Parse(text, CultureInfo.InvariantCulture)),
        SqlKind.TimeOfDay => new TimeOnly(long.Parse(text, CultureInfo.InvariantCulture)),
        SqlKind.Duration => IntervalValue.Of(long.Parse(text, CultureInfo.InvariantCulture)),

        // A decimal may have more digits than .NET's: it stays text, and its placeholder casts it.
        SqlKind.Decimal when text.All(static character => char.IsAsciiDigit(character) || character is '.' or '-') => text,
        SqlKind.String => text,
        _ => throw new FormatException("The value does not fit its key."),
    };
}
