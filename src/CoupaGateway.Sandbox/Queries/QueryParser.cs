using System.Globalization;
using CoupaGateway.Sandbox.Catalog;
using CoupaGateway.Sandbox.Records;
using CoupaGateway.Sandbox.Values;
using Microsoft.AspNetCore.WebUtilities;

namespace CoupaGateway.Sandbox.Queries;

/// <summary>Reads the query string of a list request.</summary>
internal sealed class QueryParser(Projections projections, CustomFields custom, int maxPageSize)
{
    /// <exception cref="BadRequestException">An unknown field or operator, or a value that does not fit.</exception>
    public ListQuery Parse(ApiClass cls, string? queryString)
    {
        var filters = new List<Filter>();
        var listKey = new SortedSet<string>(StringComparer.Ordinal);
        var limit = maxPageSize;
        var offset = 0L;
        string? fields = null, shape = null;
        IReadOnlyList<ApiField> orderBy = [];
        var descending = false;
        foreach (var pair in new QueryStringEnumerable(queryString))
        {
            var name = pair.DecodeName().ToString();
            var value = pair.DecodeValue().ToString();
            switch (name)
            {
                case "limit": limit = (int)Math.Clamp(Whole(name, value), 1, maxPageSize); break;
                case "offset": offset = Whole(name, value); break;
                case "fields": fields = value; break;
                case "return_object": shape = value; break;

                // A saved projection of the customer's, and lines that this tenant never deletes.
                case "filter" or "show_deleted_lines": break;
                case "order_by":
                    orderBy = OrderPath(cls, value);
                    listKey.Add(name + "=" + value);
                    break;
                case "dir":
                    descending = value switch
                    {
                        "asc" => false,
                        "desc" => true,
                        _ => throw new BadRequestException("dir", "must be asc or desc"),
                    };
                    listKey.Add(name + "=" + value);
                    break;
                default:
                    filters.Add(ParseFilter(cls, name, value));
                    listKey.Add(name + "=" + value);
                    break;
            }
        }

        return new ListQuery
        {
            Filters = filters,
            Projection = ProjectionOf(cls, fields, shape),
            OrderBy = orderBy,
            Descending = descending,
            Limit = limit,
            Offset = offset,
            ListKey = string.Join('&', listKey),
        };
    }

    public Projection ProjectionOf(ApiClass cls, string? fields, string? shape) => shape switch
    {
        _ when fields is not null => projections.Parse(cls, fields, custom),
        null or "" => projections.Full(cls),
        "limited" => projections.Limited(cls),
        "shallow" => projections.Shallow(cls),
        _ => throw new BadRequestException("return_object", "must be limited or shallow"),
    };

    /// <summary>Reads a value as the type of a field.</summary>
    public static Scalar Literal(ApiField field, string text)
    {
        var kind = field.ChangeOf is var of && field.Kind == FieldKind.Change ? of : field.Kind;
        switch (kind)
        {
            case FieldKind.Integer or FieldKind.Object or FieldKind.Array:
                return long.TryParse(text, out var whole) ? Scalar.Integer(whole) : throw Misfit(field, "an integer");
            case FieldKind.Decimal:
                return decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? OfDecimal(number) : throw Misfit(field, "a number");
            case FieldKind.Boolean:
                return text switch
                {
                    "true" or "1" => Scalar.Boolean(true),
                    "false" or "0" => Scalar.Boolean(false),
                    _ => throw Misfit(field, "true or false"),
                };
            case FieldKind.DateTime or FieldKind.Date:
                // A plus sign that was not encoded arrives as a space.
                return DateTimeOffset.TryParse(
                    text.Replace(' ', '+'), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
                    ? Scalar.Instant(time.ToUnixTimeSeconds())
                    : throw Misfit(field, "a time");
            default:
                return Scalar.String(text);
        }
    }

    public static Scalar OfDecimal(decimal number)
    {
        var rounded = Math.Round(number, 6);
        return Scalar.Decimal((long)(rounded * 1_000_000m), 6);
    }

    private static BadRequestException Misfit(ApiField field, string wanted) => new(field.Name, $"must be {wanted}");

    private static long Whole(string name, string value) =>
        long.TryParse(value, out var number) && number >= 0 ? number : throw new BadRequestException(name, "must be a whole number");

    private Filter ParseFilter(ApiClass cls, string name, string value)
    {
        var segments = name.Replace("]", "", StringComparison.Ordinal).Split('[');
        var path = new List<ApiField>();
        string? customField = null;
        var operation = FilterOperator.Eq;
        ApiClass? at = cls;
        for (var i = 0; i < segments.Length; i++)
        {
            var segment = segments[i];
            if (at?.Find(segment) is { } field && projections.Exists(field))
            {
                path.Add(field);
                at = field.Class;
                continue;
            }

            if (path.Count > 0 && path[^1].Name == "custom-fields" && customField is null)
            {
                customField = ApiClass.Normalize(segment);
                continue;
            }

            if (i == segments.Length - 1 && path.Count > 0 && char.IsAsciiLetterLower(segment.FirstOrDefault())
                && Enum.TryParse(segment, ignoreCase: true, out operation) && operation != FilterOperator.Eq)
                break;
            throw path.Count == 0
                ? new BadRequestException(segment, "is not a field")
                : new BadRequestException(name, $"{segment} is neither a field nor an operator");
        }

        return new Filter(Redirect(cls, path), customField, operation, Operands(path[^1], customField is not null, operation, value));
    }

    // The time of a revision is that of its revision record; the root only says how a field of the order changed.
    private static IReadOnlyList<ApiField> Redirect(ApiClass cls, List<ApiField> path) =>
        path is [{ Kind: FieldKind.Change, Name: "created-at" }] && cls.Find("revision-record") is { } record
            ? [record, record.Class!.Find("created-at")!]
            : path;

    private static Scalar[] Operands(ApiField field, bool custom, FilterOperator operation, string value)
    {
        Scalar Read(string text) => custom ? Scalar.String(text) : Literal(field, text);
        return operation switch
        {
            FilterOperator.In or FilterOperator.Not_in => [.. value.Split(',').Select(Read)],
            FilterOperator.Contains or FilterOperator.Starts_with or FilterOperator.Ends_with => [Scalar.String(value)],
            FilterOperator.Blank => [Scalar.Boolean(value switch
            {
                "true" => true,
                "false" => false,
                _ => throw new BadRequestException(field.Name, "blank must be true or false"),
            })],
            _ => [Read(value)],
        };
    }

    private IReadOnlyList<ApiField> OrderPath(ApiClass cls, string name)
    {
        var field = cls.Find(name);
        if (field is null || !projections.Exists(field))
            throw new BadRequestException("order_by", $"{name} is not a field");
        return field.Name == "id" ? [] : Redirect(cls, [field]);
    }
}
