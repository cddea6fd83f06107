using System.ComponentModel.DataAnnotations;
using System.Text.RegularExpressions;
using CoupaGateway.Coupa.Http;
using CoupaGateway.Coupa.Tenants;

namespace CoupaGateway.Connections;

/// <summary>Checks a connection, wherever it was written down, and makes it what is in force.</summary>
internal sealed partial class ConnectionCheck(OutboundGuard guard)
{
    /// <summary>Everything that is wrong, with the member it concerns (as in C#).</summary>
    public IReadOnlyList<(string Member, string Message)> FindFaults(string name, ConnectionOptions options, CoupaTenantOptions tenant)
    {
        var faults = new List<(string, string)>();
        if (!IsName(name))
            faults.Add(("Name", "the name of a connection is 1 to 40 lower-case letters, digits and hyphens, starting with a letter."));
        foreach (var result in CoupaTenant.Check(tenant).Concat(options.Validate(new ValidationContext(options))))
            faults.Add((result.MemberNames.FirstOrDefault() ?? "", result.ErrorMessage!));
        if (tenant.Instance is { } instance && !faults.Exists(static fault => fault.Item1 == nameof(CoupaTenantOptions.Instance)) && guard.FindFault(instance) is { } refused)
            faults.Add((nameof(CoupaTenantOptions.Instance), $"{nameof(CoupaTenantOptions.Instance)} {refused}"));
        return [.. faults.Distinct()];
    }

    public static bool IsName(string? name) => name is not null && NamePattern().IsMatch(name);

    [GeneratedRegex(@"\A[a-z][a-z0-9-]{0,39}\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex NamePattern();
}
