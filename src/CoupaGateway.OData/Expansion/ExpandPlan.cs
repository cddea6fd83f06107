using System.Collections.Immutable;
using CoupaGateway.OData.Translation;

namespace CoupaGateway.OData.Expansion;

/// <summary>What stands inside the rows of one level.</summary>
/// <param name="Levels">Related rows.</param>
/// <param name="Counts">Numbers of related rows: name of the navigation property, and SQL for the row that they are related to.</param>
internal sealed record ExpandPlan(ImmutableArray<ExpandLevel> Levels, ImmutableArray<(string Name, string Sql)> Counts)
{
    public static ExpandPlan None { get; } = new([], []);

    /// <summary>Navigation properties that full metadata gives links for: all that are selected but these, whose annotations would then stand in two places.</summary>
    public ImmutableArray<string> Links(SelectPlan select) => [.. select.Navigation.Except(Levels.Select(static level => level.Name)).Except(Counts.Select(static count => count.Name))];

    /// <summary>How the context URL names it.</summary>
    public IEnumerable<string> Context => Levels.Select(static level => $"{level.Name}{(level.Select.ContextSuffix.Length == 0 ? "()" : level.Select.ContextSuffix)}");
}
