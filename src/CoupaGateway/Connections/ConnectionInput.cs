namespace CoupaGateway.Connections;

/// <summary>A connection to be stored.</summary>
internal sealed record ConnectionInput : ConnectionSettings
{
    /// <summary>Name of the connection: 1 to 40 lower-case letters, digits and hyphens, starting with a letter. Part of its addresses; it cannot be changed.</summary>
    /// <example>acme</example>
    public string? Name { get; init; }

    /// <summary>Secret of the OAuth client. Never shown again. Left out in a change, the one that is stored stays, unless the host changes.</summary>
    public string? ClientSecret { get; init; }

    /// <summary>Never the secret.</summary>
    public override string ToString() => $"{nameof(ConnectionInput)} {Name}";
}
