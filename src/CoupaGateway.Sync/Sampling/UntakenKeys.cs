using System.Collections.Immutable;
using System.Text.Json;
using CoupaGateway.Sync.Flattening;

namespace CoupaGateway.Sync.Sampling;

/// <summary>Finds the keys of records that no column takes.</summary>
internal static class UntakenKeys
{
    /// <summary>Paths that are told, and their length.</summary>
    private const int Most = 500, Longest = 300;

    public static ImmutableArray<string> Find(JsonElement records, FlattenPlan plan)
    {
        var found = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var record in records.EnumerateArray().Where(static record => record.ValueKind == JsonValueKind.Object))
            Look(record, [plan.Tables[0].Element], "", found);
        return [.. found];
    }

    /// <param name="plans">What takes fields of the object; none for an object that nothing is taken of.</param>
    private static void Look(JsonElement element, IReadOnlyCollection<ObjectPlan> plans, string path, SortedSet<string> found)
    {
        foreach (var member in element.EnumerateObject())
        {
            var key = ObjectPlan.Normalize(member.Name);
            var fields = plans.Select(plan => plan.Fields.GetValueOrDefault(key)).OfType<FieldPlan>().ToArray();
            var inner = fields.SelectMany(static field => field.Tables.Select(static table => table.Element).Concat(field.Object is null ? [] : [field.Object])).ToArray();
            Look(member.Value, fields.Length > 0, inner, path + member.Name, found);
        }
    }

    private static void Look(JsonElement value, bool isTaken, ObjectPlan[] inner, string path, SortedSet<string> found)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                Look(value, inner, path + ".", found);
                return;
            case JsonValueKind.Array:
                foreach (var element in value.EnumerateArray())
                    Look(element, isTaken, inner, path + "[]", found);
                return;
            default:
                if (!isTaken && found.Count < Most && path.Length <= Longest && !path.Any(char.IsControl))
                    found.Add(path);
                return;
        }
    }
}
