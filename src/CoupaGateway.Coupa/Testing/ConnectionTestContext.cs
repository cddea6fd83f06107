using System.Collections.Immutable;
using CoupaGateway.Coupa.Tenants;

namespace CoupaGateway.Coupa.Testing;

/// <summary>What a connection test is about, and what its steps found out for those after them.</summary>
public class ConnectionTestContext
{
    /// <summary>What is wrong with the address itself, found before anything was asked; null for nothing.</summary>
    public string? AddressFault { get; init; }

    /// <summary>The tenant; null only with an <see cref="AddressFault"/>.</summary>
    public CoupaTenant? Tenant { get; init; }

    /// <summary>The selected API tables.</summary>
    public required ImmutableArray<TestTable> Tables { get; init; }

    internal CoupaTenant Checked => Tenant ?? throw new InvalidOperationException("The test should have stopped at the address.");

    /// <summary>Makes clients that share a tenth of the request budget.</summary>
    internal TestClients Clients { get; set; } = null!;

    /// <summary>Scopes that a token was given for.</summary>
    internal HashSet<string> GrantedScopes { get; } = new(StringComparer.Ordinal);

    /// <summary>The scope that a table is read with: its own, or, when it is not known, all that the connection asks for.</summary>
    internal string ScopeOf(TestTable table) => table.Scope.Length > 0 ? table.Scope : Checked.Scope;

    /// <summary>Whether a record of a table was read.</summary>
    public bool IsReadable(string table) => Readable.Exists(readable => readable.Name == table);

    /// <summary>Waits until a step that does not ask by the test's own clients may send requests: a test uses a tenth of the budget.</summary>
    public Task WaitForTurnsAsync(int requests, CancellationToken cancellationToken) => Clients.WaitForTurnsAsync(requests, cancellationToken);

    /// <summary>Tables of which a record was read.</summary>
    internal List<TestTable> Readable { get; } = [];
}
