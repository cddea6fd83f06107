namespace CoupaGateway.Connections;

/// <summary>Stands for the section <c>Connections</c> among the options that are checked at the start; it has no members of its own.</summary>
internal sealed class ConnectionRegistryOptions;
