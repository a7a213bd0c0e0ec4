package dev.pipelinejob.operator.apply;

import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSliceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;

/// The Service that supervisors call has no selector: the operator that holds the Lease writes its own address there.
public final class ControlEndpoint {
    /// The name of the Service's port for supervisors.
    public static final String PORT_NAME = "control";

    private static final String SERVICE_LABEL = "kubernetes.io/service-name";
    private static final String MANAGED_BY_LABEL = "endpointslice.kubernetes.io/managed-by";
    private static final String MANAGER = "pipelinejob.dev";

    private final KubernetesClient client;
    private final Service service;

    private ControlEndpoint(KubernetesClient client, Service service) {
        this.client = client;
        this.service = service;
    }

    /// Looks the Service up.
    ///
    /// @throws IllegalArgumentException with one sentence when it is not there
    public static ControlEndpoint find(KubernetesClient client, String namespace, String name) {
        Service service =
                client.services().inNamespace(namespace).withName(name).get();
        if (service == null) {
            throw new IllegalArgumentException("Service " + namespace + "/" + name
                    + " is not there, through which workers find the operator: install the chart whole.");
        }
        return new ControlEndpoint(client, service);
    }

    /// Host and port at which pods reach the operator, needing no name service.
    ///
    /// @throws IllegalArgumentException with one sentence when the Service has no address of its own
    public String address() {
        String host = service.getSpec().getClusterIP();
        ServicePort port = service.getSpec().getPorts().stream()
                .filter(each -> PORT_NAME.equals(each.getName()))
                .findFirst()
                .orElse(null);
        if (host == null || host.isEmpty() || host.equals("None") || port == null) {
            throw new IllegalArgumentException("Service "
                    + service.getMetadata().getName() + " must have a ClusterIP and a port named " + PORT_NAME + ".");
        }
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port.getPort();
    }

    /// Leads the Service to this operator.
    ///
    /// @param host this pod's IP
    /// @param port where the control server listens
    public void lead(String host, int port) {
        EndpointSlice slice = new EndpointSliceBuilder()
                .withNewMetadata()
                .withNamespace(service.getMetadata().getNamespace())
                .withName(service.getMetadata().getName() + "-leader")
                .addToLabels(SERVICE_LABEL, service.getMetadata().getName())
                .addToLabels(MANAGED_BY_LABEL, MANAGER)
                .withOwnerReferences(new OwnerReferenceBuilder()
                        .withApiVersion("v1")
                        .withKind("Service")
                        .withName(service.getMetadata().getName())
                        .withUid(service.getMetadata().getUid())
                        .build())
                .endMetadata()
                .withAddressType(host.contains(":") ? "IPv6" : "IPv4")
                .addNewEndpoint()
                .withAddresses(host)
                .withNewConditions()
                .withReady(true)
                .endConditions()
                .endEndpoint()
                .addNewPort()
                .withName(PORT_NAME)
                .withProtocol("TCP")
                .withPort(port)
                .endPort()
                .build();
        client.discovery()
                .v1()
                .endpointSlices()
                .resource(slice)
                .fieldManager(FieldManagers.CONTROLLER)
                .forceConflicts()
                .serverSideApply();
    }
}
