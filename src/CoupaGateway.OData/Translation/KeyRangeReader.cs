using System.Globalization;
using CoupaGateway.OData.Tables;
using CoupaGateway.Schema;
using Microsoft.OData.Edm;
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
internal sealed class KeyRangeReader(TableSchema table, Func<string, SingleValueNode?> parameterAlias)
{
    private static readonly decimal SmallestStep = new(1, 0, 0, isNegative: false, scale: SchemaLimits.DecimalScale);

    public KeyRanges Read(SingleValueNode node) => Unwrap(node) switch
    {
        BinaryOperatorNode { OperatorKind: BinaryOperatorKind.And } and => Terms(and).Aggregate(KeyRanges.All, (keys, term) => keys.And(Read(term))),
        BinaryOperatorNode { OperatorKind: BinaryOperatorKind.Or } or => KeyRanges.Any(Terms(or).Select(term => Read(term))),
        BinaryOperatorNode comparison when IsKey(comparison.Left) => Compare(comparison.OperatorKind, comparison.Right),
        BinaryOperatorNode comparison when IsKey(comparison.Right) => Compare(Mirror(comparison.OperatorKind), comparison.Left),
        InNode { Right: CollectionConstantNode list } membership when IsKey(membership.Left) => KeyRanges.Any(list.Collection.Select(Equal)),
        _ => KeyRanges.All,
    };

    /// <summary>The key of the only row that a condition can be true for, where it says nothing else: <c>id eq 5</c>; null for any other.</summary>
    public static long? Point(FilterClause? clause, TableSchema table)
    {
        if (table.Key.Length > 1 || clause?.Expression is not BinaryOperatorNode { OperatorKind: BinaryOperatorKind.Equal } comparison)
            return null;

        var (left, right) = (comparison.Left is ConvertNode first ? first.Source : comparison.Left, comparison.Right is ConvertNode second ? second.Source : comparison.Right);
        if (left is ConstantNode)
            (left, right) = (right, left);
        return left is SingleValuePropertyAccessNode { Source: ResourceRangeVariableReferenceNode } property && property.Property.Name == table.Key[0].Name && right is ConstantNode { Value: long or int or short or byte or sbyte } constant
            ? Convert.ToInt64(constant.Value, CultureInfo.InvariantCulture)
            : null;
    }

    /// <summary>The terms of a chain of one operator. ODL's tree leans to the left, as deep as the chain is long, so this is no recursion.</summary>
    private List<SingleValueNode> Terms(BinaryOperatorNode chain)
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

    private KeyRanges Compare(BinaryOperatorKind operation, SingleValueNode other) =>
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

    private KeyRanges Equal(ConstantNode constant) => Compare(BinaryOperatorKind.Equal, constant);

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

    /// <summary>The first key column of the table, or that of a table above it, which has the same value.</summary>
    private bool IsKey(SingleValueNode node) => Unwrap(node) is SingleValuePropertyAccessNode property && property.Source switch
    {
        ResourceRangeVariableReferenceNode => property.Property.Name == table.Key[0].Name,
        SingleNavigationNode up => up.NavigationProperty.ToEntityType().DeclaredKey?.FirstOrDefault()?.Name == property.Property.Name,
        _ => false,
    };

    private SingleValueNode Unwrap(SingleValueNode node) => node switch
    {
        ConvertNode convert => Unwrap(convert.Source),
        ParameterAliasNode alias => parameterAlias(alias.Alias) is ConstantNode value ? value : node,
        _ => node,
    };
}
