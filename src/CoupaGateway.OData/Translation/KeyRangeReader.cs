using System.Globalization;
using CoupaGateway.OData.Tables;
using CoupaGateway.Schema;
using Microsoft.OData.UriParser;

namespace CoupaGateway.OData.Translation;

/// <summary>
/// Reads out of a <c>$filter</c> which values of the first key column its rows can have, so that chunks beside them are never opened. It only narrows:
/// what it does not understand, it takes to allow every key, and the filter itself is still evaluated on the rows.
/// </summary>
/// <remarks>
/// <c>and</c> is the intersection of both sides. <c>or</c> is the union: a row may satisfy either side, so one side that says nothing of the key
/// (<c>id eq 5 or status eq 'new'</c>) allows every key and nothing is left out; only where each side bounds the key (<c>id eq 5 or id eq 900</c>, as clients
/// that know no <c>in</c> write it) is the union narrower than the table. <c>not</c> is taken to allow every key.
/// </remarks>
internal static class KeyRangeReader
{
    private static readonly decimal SmallestStep = new(1, 0, 0, isNegative: false, scale: SchemaLimits.DecimalScale);

    /// <param name="key">Name of the first key column.</param>
    public static KeyRanges Read(SingleValueNode node, string key) => Unwrap(node) switch
    {
        BinaryOperatorNode { OperatorKind: BinaryOperatorKind.And } and => Terms(and).Aggregate(KeyRanges.All, (keys, term) => keys.And(Read(term, key))),
        BinaryOperatorNode { OperatorKind: BinaryOperatorKind.Or } or => KeyRanges.Any(Terms(or).Select(term => Read(term, key))),
        BinaryOperatorNode comparison when IsKey(comparison.Left, key) => Compare(comparison.OperatorKind, comparison.Right),
        BinaryOperatorNode comparison when IsKey(comparison.Right, key) => Compare(Mirror(comparison.OperatorKind), comparison.Left),
        InNode { Right: CollectionConstantNode list } membership when IsKey(membership.Left, key) => KeyRanges.Any(list.Collection.Select(Equal)),
        _ => KeyRanges.All,
    };

    /// <summary>The terms of a chain of one operator. ODL's tree leans to the left, as deep as the chain is long, so this is no recursion.</summary>
    private static List<SingleValueNode> Terms(BinaryOperatorNode chain)
    {
        var terms = new List<SingleValueNode>();
        SingleValueNode rest = chain;
        while (rest is BinaryOperatorNode inner && inner.OperatorKind == chain.OperatorKind)
        {
            terms.Add(inner.Right);
            rest = Unwrap(inner.Left);
        }

        terms.Add(rest);
        return terms;
    }

    private static KeyRanges Compare(BinaryOperatorKind operation, SingleValueNode other) =>
        Unwrap(other) is ConstantNode constant && Number(constant) is { } value ? Compare(operation, value) : KeyRanges.All;

    private static KeyRanges Compare(BinaryOperatorKind operation, decimal value) => operation switch
    {
        BinaryOperatorKind.Equal => KeyRanges.Between(value, value),
        BinaryOperatorKind.GreaterThan => KeyRanges.Between(decimal.Floor(value) + 1, decimal.MaxValue),
        BinaryOperatorKind.GreaterThanOrEqual => KeyRanges.Between(value, decimal.MaxValue),
        BinaryOperatorKind.LessThan => KeyRanges.Between(decimal.MinValue, decimal.Ceiling(value) - 1),
        BinaryOperatorKind.LessThanOrEqual => KeyRanges.Between(decimal.MinValue, value),
        _ => KeyRanges.All,
    };

    private static KeyRanges Equal(ConstantNode constant) => Compare(BinaryOperatorKind.Equal, constant);

    private static BinaryOperatorKind Mirror(BinaryOperatorKind operation) => operation switch
    {
        BinaryOperatorKind.GreaterThan => BinaryOperatorKind.LessThan,
        BinaryOperatorKind.GreaterThanOrEqual => BinaryOperatorKind.LessThanOrEqual,
        BinaryOperatorKind.LessThan => BinaryOperatorKind.GreaterThan,
        BinaryOperatorKind.LessThanOrEqual => BinaryOperatorKind.GreaterThanOrEqual,
        _ => operation,
    };

    /// <summary>A number that the query compares exactly; others become doubles there, which round.</summary>
    private static decimal? Number(ConstantNode constant)
    {
        var value = constant.Value switch
        {
            byte or sbyte or short or int or long or decimal => Convert.ToDecimal(constant.Value, CultureInfo.InvariantCulture),
            float or double when decimal.TryParse(
                constant.LiteralText, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var exact) => exact,
            _ => (decimal?)null,
        };
        return value is { } number && number % SmallestStep == 0 && decimal.Abs(number) < 1e26m ? number : null;
    }

    private static bool IsKey(SingleValueNode node, string key) =>
        Unwrap(node) is SingleValuePropertyAccessNode { Source: ResourceRangeVariableReferenceNode } property && property.Property.Name == key;

    private static SingleValueNode Unwrap(SingleValueNode node) => node is ConvertNode convert ? Unwrap(convert.Source) : node;
}
