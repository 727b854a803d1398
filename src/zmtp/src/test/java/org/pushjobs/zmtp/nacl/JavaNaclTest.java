package org.pushjobs.zmtp.nacl;

class JavaNaclTest extends NaclContract {
    private final Nacl nacl = new JavaNacl();

    @Override
    Nacl nacl() {
        return nacl;
    }
}
