using System.Collections.Immutable;
using CoupaGateway.Schema.Catalogue;
using CoupaGateway.Schema.Observed;

namespace CoupaGateway.Schema.Tests.Observed;

public sealed class ObservedKeysTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 25, 12, 0, 0, TimeSpan.Zero);
    private static readonly SchemaRevision Suppliers = BuiltInCatalogue.Build(CoupaRelease.Newest, ["suppliers"]);

    [Theory]
    [InlineData(ValueKinds.None, null)]
    [InlineData(ValueKinds.Object | ValueKinds.Array, null)]
    [InlineData(ValueKinds.Integer, ColumnType.Int64)]
    [InlineData(ValueKinds.Integer | ValueKinds.Decimal, ColumnType.Decimal)]
    [InlineData(ValueKinds.Decimal, ColumnType.Decimal)]
    [InlineData(ValueKinds.Boolean, ColumnType.Boolean)]
    [InlineData(ValueKinds.Date, ColumnType.Date)]
    [InlineData(ValueKinds.Date | ValueKinds.DateTime, ColumnType.DateTime)]
    [InlineData(ValueKinds.Boolean | ValueKinds.Integer, ColumnType.String)]
    [InlineData(ValueKinds.Date | ValueKinds.Integer, ColumnType.String)]
    [InlineData(ValueKinds.Text | ValueKinds.Integer, ColumnType.String)]
    public void A_type_is_as_wide_as_the_kinds_seen(ValueKinds kinds, ColumnType? type) => Assert.Equal(type, ObservedTypes.Of(kinds));

    [Fact]
    public void Types_only_widen_whatever_order_runs_end_in()
    {
        ValueKinds[] kinds = [ValueKinds.Integer, ValueKinds.Decimal, ValueKinds.Integer, ValueKinds.Text, ValueKinds.Decimal];
        var keys = ObservedKeys.None;
        var types = new List<ColumnType?>();
        foreach (var kind in kinds)
        {
            keys = keys.Merge(Run(complete: false, ("x", kind, 3)), Now);
            types.Add(Assert.Single(keys.Keys).Type);
        }

        Assert.Equal([ColumnType.Int64, ColumnType.Decimal, ColumnType.Decimal, ColumnType.String, ColumnType.String], types);
        Assert.Equal([DriftChange.Came, DriftChange.Changed, DriftChange.Changed], keys.Events.Select(static one => one.Change));
        Assert.Equal(15, keys.Keys[0].Count);

        var backwards = kinds.Reverse().Aggregate(ObservedKeys.None, static (known, kind) => known.Merge(Run(complete: false, ("x", kind, 3)), Now));
        Assert.Equal(keys.Keys[0].Kinds, backwards.Keys[0].Kinds);
    }

    [Fact]
    public void What_a_complete_run_does_not_see_is_gone_until_it_comes_back()
    {
        var keys = ObservedKeys.None.Merge(Run(complete: true, ("x", ValueKinds.Integer, 1)), Now);
        Assert.Null(keys.Merge(Run(complete: false), Now).Keys[0].GoneSince);
        Assert.Null(keys.Merge(new RunObservations([], 0, ImmutableDictionary<string, long>.Empty) { IsComplete = true }, Now).Keys[0].GoneSince); // no element, no proof

        var gone = keys.Merge(Run(complete: true), Now.AddDays(1));
        Assert.Equal(Now.AddDays(1), gone.Keys[0].GoneSince);
        Assert.Equal(ColumnType.Int64, gone.Keys[0].Type);
        Assert.Null(gone.Merge(Run(complete: false, ("x", ValueKinds.Integer, 1)), Now.AddDays(2)).Keys[0].GoneSince);
    }

    [Fact]
    public void Keys_and_events_are_bounded_and_the_rest_is_counted()
    {
        var many = Enumerable.Range(0, ObservedKeys.MostOfTable + 7).Select(static number => ($"k{number}", ValueKinds.Integer, 1L)).ToArray();
        var keys = ObservedKeys.None.Merge(Run(complete: false, many), Now);
        Assert.Equal((ObservedKeys.MostOfTable, 7L, ObservedKeys.MostEvents), (keys.Keys.Length, keys.Overflow, keys.Events.Length));
    }

    [Fact]
    public void Keys_become_columns_as_the_policy_says_with_legal_names_that_do_not_clash()
    {
        var keys = ObservedKeys.None.Merge(
            Run(complete: false, ("custom_fields.Plant %", ValueKinds.Text, 1), ("custom_fields.plant__", ValueKinds.Integer, 1), ("custom_fields.Plant_!", ValueKinds.Boolean, 1), ("custom_fields.list", ValueKinds.Array, 1), ("novelty", ValueKinds.Text, 1)), Now);

        var schema = ObservedColumns.Apply(Suppliers, keys, new ObservedPolicy());
        Assert.True(schema.TryGetTable("suppliers", out var table));
        var added = table.Columns.Where(static column => column.Source == SchemaSource.Observed).ToArray();
        Assert.Equal(["custom_fields_Plant__", "custom_fields_Plant___2", "custom_fields_plant__"], added.Select(static column => column.Name).Order(StringComparer.Ordinal));
        Assert.Equal(table.Columns.Length, table.Columns.Select(static column => column.Name).Distinct().Count());
        Assert.Equal("_changed_at", table.Columns[^1].Name);
        Assert.Equal(schema.Fingerprint, ObservedColumns.Apply(Suppliers, keys with { Keys = [.. keys.Keys.Reverse()] }, new ObservedPolicy()).Fingerprint);

        Assert.Same(Suppliers, ObservedColumns.Apply(Suppliers, keys, new ObservedPolicy(ObservedAction.Ignore)));
        Assert.True(ObservedColumns.Apply(Suppliers, keys, new ObservedPolicy(ObservedAction.Ignore, ObservedAction.Add)).TryGetTable("suppliers", out var other));
        Assert.Equal("novelty", Assert.Single(other.Columns, static column => column.Source == SchemaSource.Observed).Name);
    }

    [Fact]
    public void What_the_catalogue_knows_is_no_news()
    {
        Assert.False(ObservedColumns.IsNews("suppliers", ["status"]));
        Assert.False(ObservedColumns.IsNews("suppliers", ["primary_contact", "email"]));
        Assert.True(ObservedColumns.IsNews("suppliers", ["custom_fields", "plant"]));
        Assert.True(ObservedColumns.IsNews("suppliers", ["novelty"]));
        Assert.False(ObservedColumns.IsNews("a_table_of_custom_metadata", ["novelty"]));
    }

    private static RunObservations Run(bool complete, params (string Path, ValueKinds Kinds, long Count)[] keys) => new(
        [.. keys.Select(static key => new Observation("suppliers", [.. key.Path.Split('.')], key.Kinds, key.Count))], 0, ImmutableDictionary<string, long>.Empty.Add("suppliers", 5))
    { IsComplete = complete };
}
