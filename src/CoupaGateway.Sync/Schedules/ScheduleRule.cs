using Cronos;

namespace CoupaGateway.Sync.Schedules;

/// <summary>When one mode is due.</summary>
public sealed record ScheduleRule(LoadMode Mode, bool LooksBack, CronExpression Cron)
{
    /// <summary>Names the rule within a table.</summary>
    public string Name => LooksBack ? "look-back" : Mode.ToString().ToLowerInvariant();
}
