namespace CoupaGateway.Sync.Schedules;

/// <summary>When a connection is brought up to date, as a person writes it under <c>Connections:{name}:Schedule</c>. Cron expressions have five fields.</summary>
public sealed class SyncScheduleOptions : TableScheduleOptions
{
    /// <summary>Time zone of all times, by its IANA name. The default is <c>UTC</c>.</summary>
    public string TimeZone { get; set; } = "UTC";

    /// <summary>Most seconds that a run begins after its time, so that not everything begins at once. The default is 30.</summary>
    public int JitterSeconds { get; set; } = 30;

    /// <summary>Times of day in which nothing begins, such as <c>08:00-10:30</c>; what is due begins afterwards.</summary>
    public IList<string> Blackouts { get; set; } = [];

    /// <summary>What differs for single API tables. An empty expression switches a mode off.</summary>
    public IDictionary<string, TableScheduleOptions> Tables { get; set; } = new Dictionary<string, TableScheduleOptions>(StringComparer.Ordinal);
}
