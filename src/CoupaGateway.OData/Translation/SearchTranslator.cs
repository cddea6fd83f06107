using CoupaGateway.OData.Errors;
using CoupaGateway.OData.Query;
using CoupaGateway.Schema;
using Microsoft.OData.UriParser;

namespace CoupaGateway.OData.Translation;

/// <summary>
/// <c>$search</c>: a row matches a word or phrase when one of its texts contains it, whatever the case. Pseudonymized columns are left out: their values are not what people
/// search for, and parts of tokens mean nothing.
/// </summary>
internal sealed class SearchTranslator
{
    private readonly ExpressionScope _scope;
    private readonly string? _texts;

    public SearchTranslator(ExpressionScope scope)
        : this(scope, Columns(scope.Main.Table).Select(column => $"{scope.Main.Alias}.{SqlText.Identifier(column.Name)}"))
    {
    }

    /// <param name="texts">SQL of the texts that are searched.</param>
    public SearchTranslator(ExpressionScope scope, IEnumerable<string> texts)
    {
        _scope = scope;

        // One text for all columns; what stands between them is in no search word.
        var list = string.Join(", ", texts);
        _texts = list.Length == 0 ? null : $"lower(concat_ws(chr(1), {list}))";
    }

    /// <summary>The columns that are searched.</summary>
    public static IEnumerable<ColumnSchema> Columns(TableSchema table) => table.Columns.Where(IsSearched);

    public static bool IsSearched(ColumnSchema column) => column is { Type: ColumnType.String, Pseudonym: null };

    public string Translate(SearchClause clause) => Translate(clause.Expression);

    private string Translate(SingleValueNode node)
    {
        _scope.Budget.Enter();
        var text = node switch
        {
            SearchTermNode term => Term(SearchText.Text(term.Text)),
            BinaryOperatorNode { OperatorKind: BinaryOperatorKind.And } both => $"({Translate(both.Left)} AND {Translate(both.Right)})",
            BinaryOperatorNode either => $"({Translate(either.Left)} OR {Translate(either.Right)})",
            UnaryOperatorNode not => $"(NOT {Translate(not.Operand)})",
            _ => throw FeedException.NotImplemented($"Search expressions of the kind '{node.Kind}' are not supported.", "$search"),
        };
        _scope.Budget.Leave();
        return text;
    }

    private string Term(string text) => _texts is null ? "FALSE" : $"contains({_texts}, lower({_scope.Parameters.Add(text, SqlKind.String)}))";
}
