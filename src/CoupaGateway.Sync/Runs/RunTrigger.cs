namespace CoupaGateway.Sync.Runs;

/// <summary>Why a run was asked for.</summary>
public enum RunTrigger
{
    /// <summary>Somebody wanted it.</summary>
    Manual,

    /// <summary>It was due.</summary>
    Schedule,

    /// <summary>A table was missing, damaged, or had other columns.</summary>
    Missing,
}
