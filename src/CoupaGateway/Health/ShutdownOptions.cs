using System.ComponentModel.DataAnnotations;

namespace CoupaGateway.Health;

/// <summary>How the gateway ends when it is asked to.</summary>
internal sealed class ShutdownOptions : IValidatableObject
{
    public const string Section = "Shutdown";

    /// <summary>How long requests are taken on after <c>/readyz</c> has turned to 503, so that load balancers notice. The default is 0: no load balancer.</summary>
    [TimeSpanRange("00:00:00", "00:10:00")]
    public TimeSpan Delay { get; set; } = TimeSpan.Zero;

    /// <summary>How long all of it may take, with <see cref="Delay"/>; requests that run longer are cut off. The default is 30 seconds.</summary>
    [TimeSpanRange("00:00:01", "01:00:00")]
    public TimeSpan GracePeriod { get; set; } = TimeSpan.FromSeconds(30);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Delay >= GracePeriod)
        {
            yield return new ValidationResult(
                $"{Section}:{nameof(Delay)}: {Delay} leaves nothing of {Section}:{nameof(GracePeriod)}, {GracePeriod}, for requests to finish; give less, or a longer period.", [nameof(Delay)]);
        }
    }
}
