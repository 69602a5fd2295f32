namespace Chasqui.Device;

/// <summary>How a device came to its end.</summary>
/// <param name="Reason">Why.</param>
/// <param name="Exception">What failed, if something did.</param>
public sealed record DeviceExit(DeviceExitReason Reason, Exception? Exception);
