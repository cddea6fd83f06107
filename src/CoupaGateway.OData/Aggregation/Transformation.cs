using CoupaGateway.OData.Errors;
using CoupaGateway.OData.Query;

namespace CoupaGateway.OData.Aggregation;

/// <summary>One step of <c>$apply</c>, as text: <c>groupby((status),aggregate($count as n))</c>.</summary>
/// <param name="Arguments">What stands between its parentheses; empty without.</param>
internal sealed record Transformation(string Name, string Arguments)
{
    /// <summary>The steps of a sequence, <c>a(…)/b(…)</c>. ODL knows only some of them, so the sequence is taken apart here.</summary>
    public static IEnumerable<Transformation> Sequence(string text) => Split(text, '/').Select(Parse);

    /// <summary>The arguments: <c>a,b</c>.</summary>
    public List<string> List() => List(Arguments);

    /// <summary>What stands between commas.</summary>
    public static List<string> List(string text) => Split(text, ',');

    public override string ToString() => $"{Name}({Arguments})";

    public static FeedException Invalid(string message) => FeedException.BadRequest(ErrorCodes.InvalidOption, $"The query option '$apply' is not valid: {message}", QueryOptionSet.Apply);

    private static Transformation Parse(string step)
    {
        var text = step.Trim();
        var open = text.IndexOf('(', StringComparison.Ordinal);
        var name = open < 0 ? text : text[..open];
        if (name.Length == 0 || !name.All(static character => char.IsAsciiLetter(character) || character == '.'))
            throw Invalid("a transformation was expected, such as filter(…), groupby(…) or aggregate(…).");
        if (open >= 0 && text[^1] != ')')
            throw Invalid($"after '{name}(…)' comes a slash or the end.");

        return new(name, open < 0 ? string.Empty : text[(open + 1)..^1]);
    }

    private static List<string> Split(string text, char separator) => TextSplitter.Split(text, separator) ?? throw Invalid("a parenthesis or a quote is not closed, or closed without being opened.");
}
