namespace CoupaGateway.Sync;

/// <summary>Keeps the tables of all connections loaded. What is missing is loaded without being asked.</summary>
public interface ISyncEngine
{
    /// <summary>Asks for a full load of API tables, with everything nested in them: after a damage, or because somebody wants it.</summary>
    /// <param name="apiTables">Names of API tables, or null for all of the connection's.</param>
    /// <exception cref="ArgumentException">There is no such connection or API table.</exception>
    void Reload(string connection, IReadOnlyCollection<string>? apiTables = null);
}
