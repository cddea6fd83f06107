namespace CoupaGateway.Rest;

/// <summary>A connection as the REST API shows it.</summary>
/// <param name="Name">Name of the connection.</param>
/// <param name="Feed">Address of its OData V4 feed, relative to the gateway.</param>
/// <param name="Tables">Number of tables in its schema.</param>
/// <param name="Loaded">Number of tables that can be read by now.</param>
internal sealed record ConnectionResource(string Name, string Feed, int Tables, int Loaded);
