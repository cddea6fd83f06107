using CoupaGateway.OData.Errors;
using CoupaGateway.OData.Query;
using Microsoft.OData.Edm;
using Microsoft.OData.UriParser;

namespace CoupaGateway.OData.Translation;

/// <summary>Turns an expression of <c>$filter</c> or <c>$orderby</c>, as ODL has parsed and typed it, into SQL.</summary>
internal sealed class ExpressionTranslator
{
    private readonly ExpressionScope _scope;
    private readonly NavigationTranslator _navigation;

    public ExpressionTranslator(ExpressionScope scope)
    {
        _scope = scope;
        _navigation = new(scope, this);
    }

    /// <param name="nullIsFalse">See <see cref="ComparisonTranslator.Translate"/>.</param>
    public SqlFragment Translate(SingleValueNode node, bool nullIsFalse = false)
    {
        _scope.Budget.Enter();
        var fragment = node switch
        {
            ConstantNode constant => LiteralTranslator.Translate(constant, _scope.Parameters),
            ConvertNode convert => Convert(convert, nullIsFalse),
            SingleValuePropertyAccessNode property => _navigation.Property(property),
            BinaryOperatorNode { OperatorKind: BinaryOperatorKind.And or BinaryOperatorKind.Or } binary => Logic(binary, nullIsFalse),
            BinaryOperatorNode binary => Binary(binary, nullIsFalse),
            UnaryOperatorNode unary => Unary(unary),
            InNode membership => In(membership, nullIsFalse),
            SingleValueFunctionCallNode { Name: "cast" } cast => Cast(cast),
            SingleValueFunctionCallNode { Name: "isof" } test => IsOf(test),
            SingleValueFunctionCallNode { Name: CaseFunction.Name } choice => Choose(choice),
            SingleValueFunctionCallNode call => Function(call),
            AggregatedCollectionPropertyNode nested => _navigation.Aggregated(nested),
            SingleValueOpenPropertyAccessNode computed => _navigation.Computed(computed),
            LambdaNode lambda => _navigation.Lambda(lambda),
            CountNode count => _navigation.Count(count),
            RootPathNode root => _navigation.Root(root),
            ParameterAliasNode alias => Alias(alias, nullIsFalse),
            _ => throw FeedException.NotImplemented($"Expressions of the kind '{node.Kind}' are not supported.", node.Kind.ToString()),
        };
        _scope.Budget.Leave();
        return fragment;
    }

    /// <summary>An alias without a value is null.</summary>
    private SqlFragment Alias(ParameterAliasNode node, bool nullIsFalse) =>
        _scope.ParameterAlias(node.Alias) is { } value ? Translate(value, nullIsFalse) : SqlFragment.Null;

    private SqlFragment Convert(ConvertNode node, bool nullIsFalse)
    {
        var source = Translate(node.Source, nullIsFalse);
        if (source.Kind == SqlKind.Date && KindOf(node.TypeReference) == SqlKind.DateTime)
            return source with { Text = $"CAST({source.Text} AS TIMESTAMP)", Kind = SqlKind.DateTime };

        // Other conversions widen numbers: operators and comparisons do that themselves, and keep exact what ODL would make a double.
        return source;
    }

    /// <summary>A chain of one operator is one level, however long: <c>a or b or c</c> comes as a tree that leans to the left.</summary>
    private SqlFragment Logic(BinaryOperatorNode node, bool nullIsFalse)
    {
        var terms = new List<SingleValueNode>();
        SingleValueNode rest = node;
        while (rest is BinaryOperatorNode inner && inner.OperatorKind == node.OperatorKind)
        {
            terms.Add(inner.Right);
            rest = Unwrap(inner.Left);
        }

        terms.Add(rest);
        terms.Reverse();

        var texts = new List<string>(terms.Count);
        var nullable = false;
        foreach (var term in terms)
        {
            var fragment = AsCondition(Translate(term, nullIsFalse));
            nullable |= fragment.Nullable;
            texts.Add(fragment.Text);
        }

        var separator = node.OperatorKind == BinaryOperatorKind.And ? " AND " : " OR ";
        return new($"({string.Join(separator, texts)})", SqlKind.Boolean, nullable);
    }

    private static SingleValueNode Unwrap(SingleValueNode node) => node is ConvertNode convert ? convert.Source : node;

    private SqlFragment Binary(BinaryOperatorNode node, bool nullIsFalse)
    {
        if (node.OperatorKind == BinaryOperatorKind.Has)
            throw FeedException.BadRequest(ErrorCodes.InvalidOption, "The operator 'has' needs an enumeration; the feed has none.");

        var (left, right) = (Translate(node.Left), Translate(node.Right));
        if (node.OperatorKind is not (BinaryOperatorKind.Equal or BinaryOperatorKind.NotEqual) && !left.IsNull && !right.IsNull)
        {
            TokenRule.Refuse(left, $"the operator '{node.OperatorKind}'");
            TokenRule.Refuse(right, $"the operator '{node.OperatorKind}'");
        }

        return node.OperatorKind is BinaryOperatorKind.Add or BinaryOperatorKind.Subtract or BinaryOperatorKind.Multiply or BinaryOperatorKind.Divide
            or BinaryOperatorKind.Modulo
            ? ArithmeticTranslator.Translate(node.OperatorKind, left, right)
            : ComparisonTranslator.Translate(node.OperatorKind, left, right, nullIsFalse);
    }

    private SqlFragment Unary(UnaryOperatorNode node)
    {
        var operand = Translate(node.Operand);
        if (node.OperatorKind == UnaryOperatorKind.Negate)
            return ArithmeticTranslator.Negate(operand);

        operand = AsCondition(operand);
        return operand with { Text = $"(NOT {operand.Text})" };
    }

    private SqlFragment In(InNode node, bool nullIsFalse)
    {
        var item = Translate(node.Left);
        if (node.Right is not CollectionConstantNode list)
            throw FeedException.NotImplemented("The operator 'in' needs a list of literals on its right.", "in");

        var values = new List<SqlFragment>(list.Collection.Count);
        foreach (var value in list.Collection)
            values.Add(LiteralTranslator.Translate(value, _scope.Parameters));

        return ComparisonTranslator.In(item, values, nullIsFalse);
    }

    private SqlFragment Function(SingleValueFunctionCallNode node)
    {
        if (node.Name == "totaloffsetminutes" && node.Parameters.Single() is SingleValueNode instant && OffsetTime.Minutes(instant, _scope.Parameters) is { } minutes)
            return minutes;

        var arguments = new List<SqlFragment>();
        foreach (var parameter in node.Parameters)
        {
            if (parameter is not SingleValueNode value)
                throw FeedException.NotImplemented($"The function '{node.Name}' is not supported on a collection.", node.Name);
            arguments.Add(OffsetTime.Argument(node.Name, value, _scope.Parameters) ?? Translate(value));
            TokenRule.Refuse(arguments[^1], $"the function '{node.Name}'");
        }

        return FunctionTranslator.Translate(node.Name, arguments, _scope);
    }

    private SqlFragment Cast(SingleValueFunctionCallNode node)
    {
        var parameters = node.Parameters.ToList();
        if (parameters is not [SingleValueNode source, ConstantNode] || KindOf(node.TypeReference) is not { } target)
            throw FeedException.BadRequest(ErrorCodes.InvalidOption, "The function 'cast' needs a value and the name of a primitive type that the feed computes with.", "cast");

        var value = Translate(source);
        if (target != SqlKind.String)
            TokenRule.Refuse(value, "the function 'cast'");
        return CastTranslator.Translate(value, target);
    }

    /// <summary>Every value is of the type that its column has; null is of none.</summary>
    private SqlFragment IsOf(SingleValueFunctionCallNode node)
    {
        if (node.Parameters.ToList() is not [var source, var last] || TypeName(last) is not { } type)
            throw FeedException.BadRequest(ErrorCodes.InvalidOption, "The function 'isof' needs the name of a type, after a value if it is not the row itself.", "isof");
        if (source is SingleResourceNode row)
            return new(row.StructuredTypeReference?.FullName() == type ? "TRUE" : "FALSE", SqlKind.Boolean, Nullable: false);
        if (source is not SingleValueNode single)
            throw FeedException.NotImplemented("The function 'isof' is not supported on a collection.", "isof");

        var value = Translate(single);
        var kind = EdmCoreModel.Instance.FindType(type) is IEdmPrimitiveType primitive ? SqlTypes.Kind(primitive.PrimitiveKind) : null;
        return kind is null || kind != value.Kind
            ? new("FALSE", SqlKind.Boolean, Nullable: false)
            : new(value.Nullable ? $"({value.Text} IS NOT NULL)" : "TRUE", SqlKind.Boolean, Nullable: false);
    }

    /// <summary>What names a type: an entity type without quotes comes as a cast of the row.</summary>
    private static string? TypeName(QueryNode node) => node switch
    {
        ConstantNode { Value: string name } => name,
        SingleResourceCastNode cast => cast.TypeReference.FullName(),
        _ => null,
    };

    /// <summary>One branch of <c>case</c>: a condition, the value where it holds, the value where it does not.</summary>
    private SqlFragment Choose(SingleValueFunctionCallNode node)
    {
        if (node.Parameters.ToList() is not [SingleValueNode condition, SingleValueNode first, SingleValueNode second])
            throw FeedException.BadRequest(ErrorCodes.InvalidOption, "The function 'case' needs branches of the form condition:value.", "case");

        var test = AsCondition(Translate(condition, nullIsFalse: true));
        return ComparisonTranslator.Choose(test, Translate(first), Translate(second));
    }

    private static SqlKind? KindOf(IEdmTypeReference? type) =>
        type is not null && type.IsPrimitive() ? SqlTypes.Kind(type.AsPrimitive().PrimitiveKind()) : null;

    /// <summary>A value where SQL wants a condition; the bare null has no type of its own.</summary>
    internal static SqlFragment AsCondition(SqlFragment fragment) => fragment.Kind switch
    {
        SqlKind.Boolean => fragment,
        SqlKind.Null => new("CAST(NULL AS BOOLEAN)", SqlKind.Boolean, Nullable: true),
        _ => throw FeedException.BadRequest(ErrorCodes.InvalidOption, $"A condition is needed, not a {fragment.Kind}."),
    };
}
