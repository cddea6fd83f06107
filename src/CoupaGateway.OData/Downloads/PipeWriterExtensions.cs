using System.IO.Pipelines;

namespace CoupaGateway.OData.Downloads;

/// <summary>Sends what was written, and waits while the client is slow.</summary>
internal static class PipeWriterExtensions
{
    /// <exception cref="OperationCanceledException">The client is gone.</exception>
    public static async ValueTask FlushOrStopAsync(this PipeWriter output, CancellationToken cancellationToken)
    {
        var flushed = await output.FlushAsync(cancellationToken);
        if (flushed.IsCompleted || flushed.IsCanceled)
            throw new OperationCanceledException("Nobody reads the download any more.", cancellationToken);
    }
}
