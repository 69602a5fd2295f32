namespace Chasqui.Device;

/// <summary>Why a device ends by itself.</summary>
public enum DeviceExitReason
{
    /// <summary>The interface was deleted (<c>ip link del</c>).</summary>
    InterfaceDeleted,

    /// <summary>The control socket's file was removed, which is how scripts stop a userspace daemon.</summary>
    ControlSocketUnlinked,

    /// <summary>Something failed that should not.</summary>
    Failed,
}
