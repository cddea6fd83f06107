using CoupaGateway.Access.Grants;
using CoupaGateway.Access.Limits;

namespace CoupaGateway.Access.Keys;

/// <summary>A key to be made.</summary>
internal sealed record KeyInput
{
    /// <summary>What the key is for, 1 to 100 characters: shown in lists and in the audit log.</summary>
    /// <example>Power BI, finance</example>
    public string? Name { get; init; }

    /// <summary>What the key may do.</summary>
    public GatewayRole? Role { get; init; }

    /// <summary>What a reader is narrowed to; absent for everything.</summary>
    public IReadOnlyList<ConnectionGrant>? Grants { get; init; }

    /// <summary>What the key's requests are limited to; absent for no limits.</summary>
    public KeyLimits? Limits { get; init; }

    /// <summary>Whether the key is accepted as a query parameter (Power BI's Web API key). The default is false: addresses end up in many logs.</summary>
    public bool? AllowInQuery { get; init; }

    /// <summary>When the key ends; absent for never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>Everything that is wrong, by field.</summary>
    public IReadOnlyDictionary<string, string[]> Validate(DateTimeOffset now)
    {
        var errors = new List<(string Field, string Message)>();
        if (Name is null || Name.Trim().Length is < 1 or > 100 || Name.Any(char.IsControl))
            errors.Add(("name", "Give 1 to 100 characters."));
        if (Role is null || !Enum.IsDefined(Role.Value))
            errors.Add(("role", "Give reader, operator or admin."));
        if (Grants is not null && Role is not GatewayRole.Reader)
            errors.Add(("grants", "Only a reader can be narrowed; leave grants out."));
        for (var i = 0; i < (Grants?.Count ?? 0); i++)
        {
            var grant = Grants![i];
            if (grant is null || string.IsNullOrWhiteSpace(grant.Connection))
                errors.Add(($"grants[{i}].connection", "Name a connection."));
            else if (grant.Tables is { } tables && tables.Any(static table => table is null || string.IsNullOrWhiteSpace(table.Name)))
                errors.Add(($"grants[{i}].tables", "Each table needs a name."));
            else if (grant.Tables?.Any(static table => table.Columns?.Any(string.IsNullOrWhiteSpace) == true) == true)
                errors.Add(($"grants[{i}].tables", "A column needs a name."));
        }

        if (Limits?.RequestsPerSecond is not (null or (>= 0.01 and <= 10_000)))
            errors.Add(("limits.requestsPerSecond", "Give 0.01 to 10000."));
        if (Limits?.ConcurrentRequests is not (null or (>= 1 and <= 10_000)))
            errors.Add(("limits.concurrentRequests", "Give 1 to 10000."));
        if (Limits?.RowsPerPage is not (null or (>= 1 and <= 1_000_000)))
            errors.Add(("limits.rowsPerPage", "Give 1 to 1000000."));
        if (ExpiresAt <= now)
            errors.Add(("expiresAt", "Give an instant in the future."));
        return errors.GroupBy(static error => error.Field).ToDictionary(static group => group.Key, static group => group.Select(static error => error.Message).ToArray());
    }
}
