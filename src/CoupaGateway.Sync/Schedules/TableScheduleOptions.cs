namespace CoupaGateway.Sync.Schedules;

/// <summary>Cron expressions for the modes. Null leaves what holds otherwise, an empty one means never.</summary>
public class TableScheduleOptions
{
    /// <summary>What changed. By default every 15 minutes.</summary>
    public string? Delta { get; set; }

    /// <summary>What changed, far back. By default Sundays at 2.</summary>
    public string? LookBack { get; set; }

    /// <summary>What is gone or missing. By default at 4 every day.</summary>
    public string? Reconcile { get; set; }

    /// <summary>Everything. By default never.</summary>
    public string? Full { get; set; }

    /// <summary>How much comes first what a table needs: of two that wait, one with twice the priority gets twice the requests. 1 to 100; by default 10.</summary>
    public int? Priority { get; set; }
}
