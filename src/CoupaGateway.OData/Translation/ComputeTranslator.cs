using System.Collections.Immutable;
using CoupaGateway.OData.Errors;
using CoupaGateway.OData.Query;
using Microsoft.OData.UriParser;

namespace CoupaGateway.OData.Translation;

/// <summary><c>$compute</c>: properties that a subquery adds to the columns of the table, so that every other option can name them.</summary>
internal static class ComputeTranslator
{
    /// <summary>Translates the properties, and makes them known to what is translated afterwards.</summary>
    /// <param name="isTaken">Whether the rows have a property of that name already.</param>
    public static ImmutableArray<ComputedProperty> Translate(ComputeClause? clause, ExpressionScope scope, Func<string, bool> isTaken)
    {
        if (clause is null)
            return [];

        var properties = ImmutableArray.CreateBuilder<ComputedProperty>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        var translator = new ExpressionTranslator(scope);
        foreach (var item in clause.ComputedItems)
        {
            PropertyNames.Check(item.Alias, "$compute");
            if (isTaken(item.Alias) || !names.Add(item.Alias))
                throw FeedException.BadRequest(ErrorCodes.InvalidOption, $"The name '{item.Alias}' in $compute is taken: computed properties need names of their own.", "$compute");

            var value = AsColumn(translator.Translate(item.Expression));
            properties.Add(new(item.Alias, scope.Budget.NewColumn(), value));
        }

        scope.Main = scope.Main with { Computed = properties.ToImmutableDictionary(static property => property.Name, property => property.In(scope.Main.Alias!), StringComparer.Ordinal) };
        return properties.ToImmutable();
    }

    /// <summary>A value that can stand in a result: null has a type there.</summary>
    public static SqlFragment AsColumn(SqlFragment value) =>
        value.IsNull ? new($"CAST(NULL AS {SqlTypes.Name(SqlKind.String)})", SqlKind.String, Nullable: true) : value;
}
