using System.Globalization;

namespace CoupaGateway.Snapshots.Buckets;

/// <summary>
/// One bucket at one moment. In any window of w seconds it gives at most <c>burst + rate × w</c> tokens. Slowing down cuts the rate to three quarters
/// (once a second at most: what happens to one burst is one signal) and empties the bucket; from then on the rate grows by one percent of
/// the limit a second until it is whole again.
/// </summary>
/// <param name="At">When <paramref name="Tokens"/> was right.</param>
/// <param name="Rate">Tokens a second.</param>
/// <param name="PausedUntil">Before, nothing is given.</param>
/// <param name="CutAt">When the rate was cut last.</param>
internal sealed record BucketState(double Tokens, DateTimeOffset At, double Rate, DateTimeOffset PausedUntil, DateTimeOffset CutAt)
{
    private const double CutFactor = 0.75;
    private const double FloorFactor = 0.04;
    private const double RecoveryPerSecond = 0.01;
    private static readonly TimeSpan OneSignal = TimeSpan.FromSeconds(1);

    /// <summary>A bucket of which nothing is known, because it is new or the cache server has lost it: nearly empty, for others may just have drawn on it.</summary>
    public static BucketState New(BucketLimits limits, DateTimeOffset now) => new(1, now, limits.PerSecond, DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch);

    /// <summary>What it holds now.</summary>
    public BucketState Fill(BucketLimits limits, DateTimeOffset now)
    {
        // The clock was put back, or a server that took over has another time: what lies ahead moves with it, or a pause of seconds would last for hours.
        if (now < At)
            return this with { At = now, PausedUntil = now + (PausedUntil > At ? PausedUntil - At : TimeSpan.Zero), CutAt = now - (At - CutAt < OneSignal ? At - CutAt : OneSignal) };

        // A pause adds nothing.
        var seconds = Math.Max(0, (now - (PausedUntil > At ? PausedUntil : At)).TotalSeconds);
        return this with
        {
            At = now,
            Tokens = Math.Min(limits.Burst, Tokens + (seconds * Rate)),
            Rate = Math.Clamp(Rate + (seconds * RecoveryPerSecond * limits.PerSecond), limits.PerSecond * FloorFactor, limits.PerSecond),
        };
    }

    /// <summary>Takes tokens out of a bucket that was just filled.</summary>
    public (BucketState Next, BucketAnswer Answer) Take(int wanted)
    {
        var granted = At < PausedUntil ? 0 : Math.Min(wanted, (int)Tokens);
        var next = this with { Tokens = Tokens - granted };
        var pause = At < PausedUntil ? PausedUntil - At : TimeSpan.Zero;
        var wait = granted == wanted ? TimeSpan.Zero : pause + TimeSpan.FromSeconds(Math.Max(0, 1 - next.Tokens) / Rate);
        return (next, new BucketAnswer(granted, wait, Rate));
    }

    /// <summary>Slows down a bucket that was just filled.</summary>
    public BucketState SlowDown(TimeSpan? pause) => this with
    {
        Tokens = 0,
        Rate = At - CutAt >= OneSignal ? Rate * CutFactor : Rate,
        CutAt = At - CutAt >= OneSignal ? At : CutAt,
        PausedUntil = pause is { } time && At + time > PausedUntil ? At + time : PausedUntil,
    };

    // Instants are written in full: rounded down at every change, they would make time, and tokens, out of nothing.
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{Tokens:R};{At.UtcTicks};{Rate:R};{PausedUntil.UtcTicks};{CutAt.UtcTicks}");

    /// <summary>Reads what <see cref="ToString"/> wrote; null for anything else.</summary>
    public static BucketState? Read(string? text) =>
        text?.Split(';') is [var tokens, var at, var rate, var paused, var cut]
        && double.TryParse(tokens, CultureInfo.InvariantCulture, out var tokenValue) && double.TryParse(rate, CultureInfo.InvariantCulture, out var rateValue)
        && TryInstant(at, out var atValue) && TryInstant(paused, out var pausedValue) && TryInstant(cut, out var cutValue)
            ? new BucketState(tokenValue, atValue, rateValue, pausedValue, cutValue)
            : null;

    private static bool TryInstant(string text, out DateTimeOffset instant)
    {
        var isInstant = long.TryParse(text, CultureInfo.InvariantCulture, out var ticks) && ticks >= 0 && ticks <= DateTimeOffset.MaxValue.UtcTicks;
        instant = isInstant ? new DateTimeOffset(ticks, TimeSpan.Zero) : default;
        return isInstant;
    }
}
