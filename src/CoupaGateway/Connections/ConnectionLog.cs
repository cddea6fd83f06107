namespace CoupaGateway.Connections;

/// <summary>What the connections log (event ids 5300 to 5399).</summary>
internal static partial class ConnectionLog
{
    [LoggerMessage(5300, LogLevel.Information, "Connection {Name} was added, changed or removed")]
    public static partial void Changed(ILogger logger, string name);

    [LoggerMessage(5301, LogLevel.Error, "The changed configuration cannot be used and the old one stays in force:\n{Faults}")]
    public static partial void ConfigurationRefused(ILogger logger, string faults);

    [LoggerMessage(5303, LogLevel.Warning, "The schedule of connection {Name} names tables that it does not load, neither of the catalogue nor of its custom metadata: {Tables}")]
    public static partial void ScheduleWithoutTable(ILogger logger, string name, string tables);

    [LoggerMessage(5302, LogLevel.Warning, "Secrets in the cache are protected by no certificate and no key file: the gateway serves the loopback address only")]
    public static partial void Unprotected(ILogger logger);
}
